import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import monitorServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { answerOf, plain, stateOf } from "./recorder.ts";

/** A resource as it came over the wire. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly protect: boolean;
  readonly dependencies: readonly string[];
  /** Functions of the program that the engine is to ask before it makes children. */
  readonly transforms: number;
}

/**
 * Stands in for Pulumi's engine before a real Node process: takes registrations, answers with what a cloud would say, keeps
 * what was logged.
 */
export class EngineStandIn {
  readonly registered: Registered[] = [];
  readonly logged: string[] = [];
  /** Ms since 1970 of the last registration. */
  lastMs = 0;
  readonly #server = new Server();
  readonly #answer: typeof answerOf;
  #root = "";

  /** @param answer what AWS says to what the program asks of it */
  constructor(answer: typeof answerOf = answerOf) {
    this.#answer = answer;
  }

  async start(): Promise<string> {
    this.#server.addService(monitorServices.ResourceMonitorService, this.#monitor() as never);
    this.#server.addService(engineServices.EngineService, this.#engine() as never);
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    return `127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #monitor(): object {
    const done = <Reply>(
      _: ServerUnaryCall<unknown, Reply>,
      reply: sendUnaryData<emptyMessages.Empty>,
    ): void => {
      reply(null, new emptyMessages.Empty());
    };
    return {
      supportsFeature: answer<monitorMessages.SupportsFeatureRequest>(() => {
        const response = new monitorMessages.SupportsFeatureResponse();
        response.setHassupport(true);
        return response;
      }),
      registerResource: answer<monitorMessages.RegisterResourceRequest>((request) =>
        this.#register(request),
      ),
      // A stack asks what it said of itself before: nothing, at the first deployment.
      readResource: answer<monitorMessages.ReadResourceRequest>((request) => {
        const response = new monitorMessages.ReadResourceResponse();
        response.setUrn(`urn:pulumi:dev::quarry::${request.getType()}::${request.getName()}`);
        response.setProperties(
          structMessages.Struct.fromJavaScript({
            name: request.getName(),
            outputs: {},
            secretOutputNames: [],
          }),
        );
        return response;
      }),
      invoke: answer<monitorMessages.ResourceInvokeRequest>((request) => {
        const inputs = (request.getArgs()?.toJavaScript() ?? {}) as Record<string, unknown>;
        const response = new monitorMessages.ResourceInvokeResponse();
        response.setReturn(
          structMessages.Struct.fromJavaScript(
            this.#answer({ token: request.getTok(), inputs }) as never,
          ),
        );
        return response;
      }),
      registerResourceOutputs: done,
      registerStackTransform: done,
      registerStackInvokeTransform: done,
      signalAndWaitForShutdown: done,
    };
  }

  #register(
    request: monitorMessages.RegisterResourceRequest,
  ): monitorMessages.RegisterResourceResponse {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const chain =
      parent === "" || parent === this.#root ? type : `${parent.split("::")[2]!}$${type}`;
    const urn = `urn:pulumi:dev::quarry::${chain}::${name}`;
    if (type === "pulumi:pulumi:Stack") this.#root = urn;
    this.registered.push({
      urn,
      type,
      name,
      parent,
      protect: request.getProtect() ?? false,
      dependencies: request.getDependenciesList(),
      transforms: request.getTransformsList().length,
    });
    this.lastMs = Date.now();
    const inputs = plain(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
    const response = new monitorMessages.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(request.getCustom() ? `${name}-id` : "");
    response.setObject(structMessages.Struct.fromJavaScript(stateOf(type, name, inputs) as never));
    return response;
  }

  #engine(): object {
    return {
      log: answer<engineMessages.LogRequest>((request) => {
        // 3 and more are errors.
        const severity: number = request.getSeverity();
        if (severity >= 3) this.logged.push(request.getMessage().trim());
        return new emptyMessages.Empty();
      }),
      getRootResource: answer(() => {
        const response = new engineMessages.GetRootResourceResponse();
        response.setUrn(this.#root);
        return response;
      }),
      setRootResource: answer<engineMessages.SetRootResourceRequest>((request) => {
        this.#root = request.getUrn();
        return new engineMessages.SetRootResourceResponse();
      }),
      requirePulumiVersion: answer(() => new engineMessages.RequirePulumiVersionResponse()),
    };
  }
}

/** A service's method by a function of its request. */
function answer<Request>(of: (request: Request) => unknown) {
  return (call: ServerUnaryCall<Request, unknown>, reply: sendUnaryData<unknown>): void => {
    try {
      reply(null, of(call.request));
    } catch (thrown) {
      reply(thrown as Error, null);
    }
  };
}
