/** The form for a new concert, over whatever page it was asked for on. */
import { lazy, Suspense } from "react";
import { useStore } from "@/api/store";
import { adding } from "./keys";

const AddDialog = lazy(() => import("./AddDialog"));

export function Adding() {
  const beginning = useStore(adding);
  if (beginning === null) return null;
  return (
    <Suspense>
      <AddDialog beginning={beginning} onClose={() => adding.set(null)} />
    </Suspense>
  );
}
