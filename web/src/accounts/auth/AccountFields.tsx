/** The fields of a new account, shared by registration and the first administrator's setup. */
import { Field } from "@/ui/Field";

export const ACCOUNT_FIELDS = ["name", "email", "password"] as const;
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

export function AccountFields({ fault }: { fault: (field: string) => string | undefined }) {
  return (
    <>
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        required
        maxLength={100}
        fault={fault("name")}
      />
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        fault={fault("email")}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={PASSWORD_MIN}
        maxLength={PASSWORD_MAX}
        hint={`${PASSWORD_MIN} to ${PASSWORD_MAX} characters. Long beats complicated.`}
        fault={fault("password")}
      />
    </>
  );
}
