/** Runs a command: goes to its address, or does what it does. */
import { useNavigate } from "@tanstack/react-router";
import type { Address, Command } from "./face";

/** For the router's links and `navigate`, whose types are made from the faces. A test follows each. */
export const addressed = (to: Address) => to as "/";

export function useRun(): (command: Command) => void {
  const navigate = useNavigate();
  return ({ run }) => {
    if (typeof run === "string") void navigate({ to: addressed(run) });
    else run();
  };
}
