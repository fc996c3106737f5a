/** Sessions, tokens and second factors, as the server sends them. */
import type { Schemas } from "@/api/types";

export type OpenSession = Schemas["OpenSession"];
export type ApiToken = Schemas["TokenRow"];
export type TokenForm = Schemas["TokenForm"];
export type NewToken = Schemas["NewToken"];
export type AppPassword = Schemas["AppPasswordRow"];
export type AppPasswordForm = Schemas["AppPasswordForm"];
export type NewAppPassword = Schemas["NewAppPassword"];
export type TotpOffer = Schemas["Offer"];
export type RecoveryCodes = Schemas["RecoveryCodes"];
