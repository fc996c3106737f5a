/** Takes files dropped anywhere on the page, and shows that it will while they hover. */
import { useEffect, useState } from "react";
import { addFiles } from "./queue";
import "./drop-zone.css";

const bringsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;

export function DropZone() {
  const [hovering, setHovering] = useState(false);

  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
      setHovering(true);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setHovering(false);
    };
    const onDrop = (event: DragEvent) => {
      setHovering(false);
      if (!bringsFiles(event)) return;
      event.preventDefault();
      addFiles(event.dataTransfer?.files ?? []);
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, []);

  if (!hovering) return null;
  return (
    <div className="drop-zone">
      <p>Let go to upload</p>
    </div>
  );
}
