/** The page where one signs in: e-mail and password, then a code where the account asks for one. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { http } from "@/api/http";
import { isProblem } from "@/api/problem";
import { instanceQuery } from "@/api/queries";
import { session, signedIn } from "@/api/session";
import { useStore } from "@/api/store";
import type { Tokens } from "@/api/types";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { CodeStep } from "./CodeStep";
import { ownPath } from "./next";
import { PasswordStep } from "./PasswordStep";

interface Credentials {
  email: string;
  password: string;
}

const logIn = (body: Credentials & { code?: string }) =>
  http.post<Tokens>("/auth/login", body, { signedIn: false });

export default function SignInPage() {
  const navigate = useNavigate();
  const { next, email } = useSearch({ from: "/sign-in" });
  const current = useStore(session);
  const { data: instance } = useQuery(instanceQuery);
  const [held, setHeld] = useState<Credentials | null>(null);

  const enter = async (tokens: Tokens) => {
    signedIn(tokens);
    await navigate({ href: ownPath(next), replace: true });
  };
  const first = useSubmit(
    async ({ email = "", password = "" }) => {
      const credentials = { email: email.trim(), password };
      try {
        await enter(await logIn(credentials));
      } catch (error) {
        if (!isProblem(error, "second-factor-required")) throw error;
        setHeld(credentials);
      }
    },
    ["email", "password"],
  );
  const second = useSubmit(
    async ({ code = "" }) => {
      if (held === null) return;
      try {
        await enter(await logIn({ ...held, code: code.trim() }));
      } catch (error) {
        throw isProblem(error, "wrong-code") ? error.at("code") : error;
      }
    },
    ["code"],
  );

  if (held !== null) {
    return (
      <VisitorFrame
        title="One more step"
        lead={
          <>
            Your password is right. Now the code for <strong>{held.email}</strong>.
          </>
        }
      >
        <CodeStep form={second} onBack={() => setHeld(null)} />
      </VisitorFrame>
    );
  }
  const reason = current.state === "out" ? current.reason : null;
  return (
    <VisitorFrame
      title="Sign in"
      foot={
        instance?.registration_open === true ? (
          <>
            New here?{" "}
            <Link to="/register" search={next === undefined ? {} : { next }}>
              Make an account
            </Link>
          </>
        ) : undefined
      }
    >
      {instance?.setup_required === true && (
        <Notice tone="plain" title="This Backline has no administrator yet">
          When it started, it printed a one-time link in its terminal. Open that link to make the
          first account.
        </Notice>
      )}
      {reason !== null && first.problem === null && <Notice tone="plain">{reason}</Notice>}
      <PasswordStep form={first} email={email} />
    </VisitorFrame>
  );
}
