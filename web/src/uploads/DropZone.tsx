/** Takes files dropped anywhere on the page, and shows that it will while they hover. */
import type { Taking } from "@/shell/face";
import { useEffect, useState } from "react";
import { addFiles } from "./queue";
import styles from "./drop-zone.module.css";

const bringsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;

/** Each file goes to the domain that it fits, else to the first that takes any. */
function addDropped(files: Iterable<File>, takings: readonly Taking[]): void {
  for (const file of files) {
    const taking = takings.find(({ fits }) => fits?.(file)) ?? takings[0];
    if (taking) addFiles([file], taking);
  }
}

export function DropZone({ takings }: { takings: readonly Taking[] }) {
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
      addDropped(event.dataTransfer?.files ?? [], takings);
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, [takings]);

  if (!hovering) return null;
  return (
    <div className={styles.dropZone}>
      <p>Let go to upload</p>
    </div>
  );
}
