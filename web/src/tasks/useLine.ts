/** A line in natural words that becomes a task, and is written again where that failed. */
import { useRef, useState, type RefObject } from "react";
import { readTask } from "./reading";
import type { Draft } from "./types";

/** Makes a task; where that fails, `keep` says whether the line could take its words back. */
export type Make = (draft: Draft, keep: () => boolean) => Promise<boolean>;

interface Line {
  box: RefObject<HTMLInputElement | null>;
  text: string;
  /** What stays in the title though it could be read. */
  literal: readonly string[];
  write: (text: string) => void;
  leave: (words: string) => void;
  /** Empties the line for the next one, which keeps the focus; false where there is no title. */
  add: () => boolean;
}

export function useLine(make: Make): Line {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [literal, setLiteral] = useState<readonly string[]>([]);
  const write = (next: string) => {
    setText(next);
    if (next === "") setLiteral([]);
  };
  const add = () => {
    const { title, due_at, priority, labels } = readTask(text, new Date(), literal);
    if (title === "") return false;
    const draft = {
      title,
      ...(due_at === null ? {} : { due_at }),
      ...(priority === null ? {} : { priority }),
      ...(labels.length === 0 ? {} : { labels: [...labels] }),
    };
    write("");
    void make(draft, () => {
      // Others may have been written meanwhile, or the page left.
      if (box.current?.value !== "") return false;
      setText(text);
      setLiteral(literal);
      return true;
    });
    return true;
  };
  const leave = (words: string) => setLiteral([...literal, words]);
  return { box, text, literal, write, leave, add };
}
