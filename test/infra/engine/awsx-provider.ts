import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// The `awsx` provider on loopback: its components with the children that the real ones register.

type Inputs = pulumi.Inputs;

class Vpc extends pulumi.ComponentResource {
  readonly state: Inputs;

  constructor(name: string, args: Inputs, opts: pulumi.ComponentResourceOptions) {
    super("awsx:ec2:Vpc", name, {}, opts);
    const parent = { parent: this };
    const zones = args["availabilityZoneNames"] as string[];
    const specs = args["subnetSpecs"] as { type: "Public" | "Private" }[];
    const { strategy, elasticIpAllocationIds = [] } = args["natGateways"] as {
      strategy: string;
      elasticIpAllocationIds?: pulumi.Input<string>[];
    };
    const vpc = new aws.ec2.Vpc(name, { cidrBlock: args["cidrBlock"] as string }, parent);
    const gateway = new aws.ec2.InternetGateway(
      name,
      { vpcId: vpc.id },
      { ...parent, dependsOn: [vpc] },
    );
    const [network, bits] = (args["cidrBlock"] as string).split("/");
    const routeTables: aws.ec2.RouteTable[] = [];
    const ids: Record<string, pulumi.Output<string>[]> = { Public: [], Private: [] };
    const nats: aws.ec2.NatGateway[] = [];
    let count = 0;
    for (const [at, zone] of zones.entries()) {
      for (const { type } of specs) {
        const cidrBlock = `${network!}/${Number(bits) + 4}#${count++}`;
        const subnet = new aws.ec2.Subnet(
          `${name}-${type.toLowerCase()}-${at + 1}`,
          { vpcId: vpc.id, availabilityZone: zone, cidrBlock },
          parent,
        );
        const table = new aws.ec2.RouteTable(
          `${name}-${type.toLowerCase()}-${at + 1}`,
          { vpcId: vpc.id },
          { ...parent, dependsOn: [subnet] },
        );
        new aws.ec2.RouteTableAssociation(
          `${name}-${type.toLowerCase()}-${at + 1}`,
          { routeTableId: table.id, subnetId: subnet.id },
          parent,
        );
        routeTables.push(table);
        ids[type]!.push(subnet.id);
        if (type === "Public") {
          new aws.ec2.Route(
            `${name}-public-${at + 1}`,
            { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
            parent,
          );
          const wanted = strategy === "OnePerAz" || (strategy === "Single" && at === 0);
          if (wanted) {
            nats.push(
              new aws.ec2.NatGateway(
                `${name}-${at + 1}`,
                { subnetId: subnet.id, allocationId: elasticIpAllocationIds[at]! },
                { ...parent, dependsOn: [subnet, gateway] },
              ),
            );
          }
        } else if (nats.length > 0) {
          new aws.ec2.Route(
            `${name}-private-${at + 1}`,
            {
              routeTableId: table.id,
              destinationCidrBlock: "0.0.0.0/0",
              natGatewayId: (nats[at] ?? nats[0]!).id,
            },
            { ...parent, dependsOn: nats },
          );
        }
      }
    }
    this.state = {
      vpcId: vpc.id,
      publicSubnetIds: ids["Public"],
      privateSubnetIds: ids["Private"],
      routeTables,
    };
    this.registerOutputs(this.state);
  }
}

class Image extends pulumi.ComponentResource {
  readonly state: Inputs;

  constructor(name: string, args: Inputs, opts: pulumi.ComponentResourceOptions) {
    super("awsx:ecr:Image", name, {}, opts);
    this.state = {
      imageUri: pulumi.interpolate`${args["repositoryUrl"] as pulumi.Input<string>}@sha256:${"b".repeat(64)}`,
    };
    this.registerOutputs(this.state);
  }
}

const provider: pulumi.provider.Provider = {
  version: "3.9.0",
  construct(name, type, inputs, options) {
    const component =
      type === "awsx:ec2:Vpc" ? new Vpc(name, inputs, options) : new Image(name, inputs, options);
    return Promise.resolve({ urn: component.urn, state: component.state });
  },
};

await pulumi.provider.main(provider, []);
