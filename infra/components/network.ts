import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { guarded, type Environment } from "./environment.ts";
import { LogGroup } from "./log-group.ts";
import { Workload } from "./workload.ts";

export interface NetworkArgs {
  readonly environment: Environment;
}

/** The port of ClickHouse's HTTP interface over TLS. */
export const clickhousePort = 8443;

/** Where tasks run: a network of our own or one that is there, its way out, and who may reach what. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Subnets of tasks and functions. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** True where tasks have public addresses, as there is no gateway. */
  readonly publicTasks: boolean;
  /** Addresses under which vendors see us; empty where they change. */
  readonly egressAddresses: pulumi.Output<string>[];
  /** Security groups by role. */
  readonly jobGroup: pulumi.Output<string>;
  readonly clickhouseClientGroup: pulumi.Output<string>;
  readonly clickhouseGroup: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:network:Network", name, {}, opts);
    const { environment } = args;
    const { network, region } = environment.config;
    const parent = { parent: this };
    this.publicTasks = network.vpcId === undefined && network.nat === "none";

    const gateways =
      network.vpcId !== undefined || network.nat === "none"
        ? 0
        : network.nat === "single"
          ? 1
          : network.zones;
    // Ours, and not the gateways': they stay when a gateway is replaced, as vendors list them.
    const addresses = Array.from(
      { length: gateways },
      (_, at) =>
        new aws.ec2.Eip(
          `${name}-egress-${at + 1}`,
          { domain: "vpc" },
          { ...parent, ...guarded(environment) },
        ),
    );
    this.egressAddresses = addresses.map(({ publicIp }) => publicIp);

    if (network.vpcId !== undefined) {
      this.vpcId = pulumi.output(network.vpcId);
      this.subnetIds = pulumi.output(network.subnetIds!);
    } else {
      const vpc = this.#vpc(name, environment, addresses);
      this.vpcId = vpc.vpcId;
      this.subnetIds = this.publicTasks ? vpc.publicSubnetIds : vpc.privateSubnetIds;
      new aws.ec2.VpcEndpoint(
        `${name}-s3`,
        {
          vpcId: vpc.vpcId,
          serviceName: `com.amazonaws.${region}.s3`,
          vpcEndpointType: "Gateway",
          routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id))),
        },
        parent,
      );
    }

    const group = (role: string, description: string): aws.ec2.SecurityGroup =>
      new aws.ec2.SecurityGroup(`${name}-${role}`, { vpcId: this.vpcId, description }, parent);
    const job = group("job", "Tasks and functions: nobody reaches them");
    const client = group(
      "clickhouse-client",
      "Loaders, exporters and functions: may reach ClickHouse",
    );
    const server = group("clickhouse", "ClickHouse: reached by its clients alone");
    for (const [role, from] of [
      ["job", job],
      ["clickhouse", server],
    ] as const) {
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-${role}-egress`,
        {
          securityGroupId: from.id,
          ipProtocol: "-1",
          cidrIpv4: "0.0.0.0/0",
          description: "Vendors and AWS",
        },
        parent,
      );
    }
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-clickhouse-client-egress`,
      {
        securityGroupId: client.id,
        referencedSecurityGroupId: server.id,
        ipProtocol: "tcp",
        fromPort: clickhousePort,
        toPort: clickhousePort,
        description: "To ClickHouse",
      },
      parent,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-clickhouse-ingress`,
      {
        securityGroupId: server.id,
        referencedSecurityGroupId: client.id,
        ipProtocol: "tcp",
        fromPort: clickhousePort,
        toPort: clickhousePort,
        description: "From its clients",
      },
      parent,
    );
    this.jobGroup = job.id;
    this.clickhouseClientGroup = client.id;
    this.clickhouseGroup = server.id;
    this.#endpoints(name, environment);
    this.#flowLogs(name, environment);
    this.registerOutputs({ vpcId: this.vpcId, egressAddresses: this.egressAddresses });
  }

  #vpc(name: string, { config }: Environment, addresses: readonly aws.ec2.Eip[]): awsx.ec2.Vpc {
    const { cidr, zones, nat } = config.network;
    // Sixteen subnets fit, whatever the number of zones: changing a mask would replace them all.
    const cidrMask = Number(cidr.split("/")[1]) + 4;
    const strategy = { none: "None", single: "Single", "per-zone": "OnePerAz" } as const;
    return new awsx.ec2.Vpc(
      name,
      {
        cidrBlock: cidr,
        availabilityZoneNames: Array.from(
          { length: zones },
          (_, at) => `${config.region}${String.fromCharCode(97 + at)}`,
        ),
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: "Public", cidrMask },
          ...(nat === "none" ? [] : [{ type: "Private" as const, cidrMask }]),
        ],
        enableDnsHostnames: true,
        enableDnsSupport: true,
        natGateways: {
          strategy: strategy[nat],
          ...(addresses.length > 0 && {
            elasticIpAllocationIds: addresses.map(({ allocationId }) => allocationId),
          }),
        },
      },
      {
        parent: this,
        // A gateway holds its address: it must go before its replacement comes.
        transforms: [
          ({ type, props, opts }) =>
            type === "aws:ec2/natGateway:NatGateway"
              ? { props, opts: { ...opts, deleteBeforeReplace: true } }
              : undefined,
        ],
      },
    );
  }

  #endpoints(name: string, { config }: Environment): void {
    const { interfaceEndpoints, vpcId } = config.network;
    if (interfaceEndpoints.length === 0) return;
    const group = new aws.ec2.SecurityGroup(
      `${name}-endpoints`,
      { vpcId: this.vpcId, description: "Endpoints of AWS: reached by tasks" },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-endpoints-ingress`,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: this.jobGroup,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "From tasks",
      },
      { parent: this },
    );
    for (const service of interfaceEndpoints) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service.replaceAll(".", "-")}`,
        {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${config.region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: vpcId === undefined,
          subnetIds: this.subnetIds,
          securityGroupIds: [group.id],
        },
        { parent: this },
      );
    }
  }

  #flowLogs(name: string, environment: Environment): void {
    if (environment.config.network.vpcId !== undefined) return;
    const logs = new LogGroup(`${name}-flow`, { environment }, { parent: this });
    const role = new Workload(
      `${name}-flow-role`,
      {
        environment,
        service: "vpc-flow-logs.amazonaws.com",
        statements: [
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources: [pulumi.interpolate`${logs.arn}:*`],
          },
        ],
      },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      `${name}-flow`,
      {
        vpcId: this.vpcId,
        trafficType: "REJECT",
        logDestination: logs.arn,
        iamRoleArn: role.arn,
      },
      { parent: this },
    );
  }
}
