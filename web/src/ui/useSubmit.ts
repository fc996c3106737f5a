/** A form's way to the server: one submission at a time, its problem kept for the fields. */
import { useState, type SubmitEvent } from "react";
import { Problem, sentenceOf } from "@/api/problem";

export interface Submission {
  pending: boolean;
  problem: Problem | null;
  submit: (event: SubmitEvent<HTMLFormElement>) => void;
  /** What is wrong with one field. */
  fault: (field: string) => string | undefined;
  /** What is wrong, unless every word of it stands beside a field already. */
  summary: string | null;
}

export function useSubmit(
  send: (values: Record<string, string>) => Promise<void>,
  fields: readonly string[],
): Submission {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function run(form: HTMLFormElement): Promise<void> {
    const values: Record<string, string> = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") values[name] = value;
    }
    setPending(true);
    setProblem(null);
    try {
      await send(values);
    } catch (error) {
      const next =
        error instanceof Problem ? error : new Problem(0, "Not sent", sentenceOf(error));
      setProblem(next);
      const first = fields.find((field) => next.fault(field) !== undefined);
      const input = first === undefined ? null : form.elements.namedItem(first);
      if (input instanceof HTMLElement) input.focus();
    } finally {
      setPending(false);
    }
  }

  const shown = problem?.faults.every(({ field }) => fields.includes(field)) === true;
  return {
    pending,
    problem,
    submit: (event) => {
      event.preventDefault();
      if (!pending) void run(event.currentTarget);
    },
    fault: (field) => problem?.fault(field),
    summary: problem && !(shown && problem.faults.length > 0) ? problem.message : null,
  };
}
