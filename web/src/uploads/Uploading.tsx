/** What uploads need over every page: the tray, a file input for each kind, the place to drop files. */
import { useHouse } from "@/shell/house";
import { DropZone } from "./DropZone";
import { FilePicker } from "./FilePicker";
import { Tray } from "./Tray";

export function Uploading() {
  const { takings } = useHouse();
  return (
    <>
      <Tray />
      {takings.map((taking) => (
        <FilePicker key={taking.label} taking={taking} />
      ))}
      {takings.length > 0 && <DropZone takings={takings} />}
    </>
  );
}
