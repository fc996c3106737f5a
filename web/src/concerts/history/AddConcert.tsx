/** The button that opens the form for a new concert. */
import { Button } from "@/ui/Button";
import { adding, type Beginning } from "./keys";

interface Props {
  beginning?: Beginning;
  children?: string;
}

export function AddConcert({ beginning = {}, children = "Add a concert" }: Props) {
  return (
    <Button look="signal" icon="plus" onClick={() => adding.set(beginning)}>
      {children}
    </Button>
  );
}
