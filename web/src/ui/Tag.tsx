/** A word about a thing, in a frame. */
import "./tag.css";

interface Props {
  tone?: "plain" | "signal" | "trouble";
  children: string;
}

export function Tag({ tone = "plain", children }: Props) {
  return <span className={tone === "plain" ? "tag" : `tag tag-${tone}`}>{children}</span>;
}
