import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";

export interface JobImageArgs {
  readonly environment: Environment;
}

/** The one image of all jobs, by its digest: built and pushed here, or given. */
export class JobImage extends pulumi.ComponentResource {
  /** `repository@sha256:...` */
  readonly uri: pulumi.Output<string>;
  /** Undefined for an image of a repository that is not ours. */
  readonly repositoryArn: pulumi.Output<string> | undefined;

  constructor(name: string, { environment }: JobImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:image:JobImage", name, {}, opts);
    const { config } = environment;
    if (config.image !== "build") {
      this.uri = pulumi.output(config.image);
      this.registerOutputs({ uri: this.uri });
      return;
    }
    const repository = new aws.ecr.Repository(
      name,
      {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: !config.protect,
      },
      { parent: this },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: "Enough to go back by",
              selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 20 },
              action: { type: "expire" },
            },
          ],
        }),
      },
      { parent: this },
    );
    const image = new awsx.ecr.Image(
      `${name}-image`,
      {
        repositoryUrl: repository.repositoryUrl,
        context: ".",
        dockerfile: "containers/job/Dockerfile",
        platform: config.architecture === "arm64" ? "linux/arm64" : "linux/amd64",
      },
      { parent: this },
    );
    this.uri = image.imageUri;
    this.repositoryArn = repository.arn;
    this.registerOutputs({ uri: this.uri });
  }
}
