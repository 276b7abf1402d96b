// Pulumi runs a pack's own file through a compiler that knows no .ts imports; Node itself reads the rest.
import "./pack.ts";
