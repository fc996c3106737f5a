/** Live shows and what goes with them, as the server sends them. */
import type { Schemas } from "@/api/types";

export type LiveProject = Schemas["LiveProject"];
export type Destination = Schemas["Destination"];
export type DestinationForm = Schemas["DestinationForm"];
export type DestinationPatch = Schemas["DestinationPatch"];
export type LiveStatus = Schemas["LiveStatus"];
export type Ladder = Schemas["Ladder"];
export type Relay = Schemas["Relay"];
export type Incoming = Schemas["Incoming"];
export type Ingest = Schemas["Ingest"];
export type Preset = Schemas["Preset"];
export type Show = Schemas["Show"];
export type ShowGraph = Schemas["ShowGraph"];
export type DestinationGraph = Schemas["DestinationGraph"];
export type Preview = Schemas["Preview"];
export type PreviewReport = Schemas["PreviewReport"];
export type ShownKey = Schemas["ShownKey"];
