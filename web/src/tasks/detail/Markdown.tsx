/** A description as its Markdown means it. Made of React elements, so that nothing in it can be more
 *  than text: no HTML, no addresses but those of the web and of mail, no pictures from elsewhere. */
import ReactMarkdown, { type Components } from "react-markdown";
import { namingMentions } from "../comments/mentions";
import styles from "./markdown.module.css";

const SAFE = /^(?:https?:|mailto:)/iu;

const safe = (address: string) => (SAFE.test(address) ? address : "");

const COMPONENTS: Components = {
  a: ({ href, children }) =>
    href === undefined || href === "" ? (
      <span>{children}</span>
    ) : (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ),
  // A picture would tell whoever keeps it that, and where from, this was read.
  img: ({ src, alt }) =>
    typeof src === "string" && src !== "" ? (
      <a href={src} target="_blank" rel="noopener noreferrer nofollow">
        {alt === undefined || alt === "" ? "Picture" : `Picture: ${alt}`}
      </a>
    ) : (
      <span>{alt}</span>
    ),
  // The page's own headings stand above these.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
};

interface Props {
  text: string;
  /** Of those who are mentioned by their ids, where that means something. */
  nameOf?: (id: string) => string;
}

export default function Markdown({ text, nameOf }: Props) {
  const steps = nameOf ? [namingMentions(nameOf)] : [];
  return (
    <div className={styles.markdown}>
      <ReactMarkdown components={COMPONENTS} urlTransform={safe} rehypePlugins={steps}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
