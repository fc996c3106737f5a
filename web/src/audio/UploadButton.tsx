/** The one action that begins a library. */
import { Button } from "@/ui/Button";
import { pickFiles } from "@/uploads/face";
import { music } from "./taking";

interface Props {
  children?: string;
}

export function UploadButton({ children = "Upload music" }: Props) {
  return (
    <Button look="signal" icon="upload" onClick={() => pickFiles(music)}>
      {children}
    </Button>
  );
}
