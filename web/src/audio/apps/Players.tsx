/** How players and apps of others are connected: what to type where. */
import { useId } from "react";
import type { User } from "@/api/types";
import { CopyButton } from "@/ui/CopyButton";
import styles from "./players.module.css";

/** What has to be known to find the place in each; the rest is the same everywhere. */
const PLAYERS = [
  { name: "Symfonium", where: "Add a media provider, then “(Open)Subsonic”" },
  { name: "Feishin", where: "Manage servers, then “OpenSubsonic”" },
  { name: "Supersonic", where: "Add a server of the type “Subsonic”" },
  { name: "Tempo and DSub", where: "Settings, then “Servers”, then “Add”" },
  { name: "Amperfy and Substreamer", where: "The first page asks for it" },
];

export default function Players({ me }: { me: User }) {
  const id = useId();
  return (
    <section className={styles.players} aria-labelledby={id}>
      <h2 id={id}>Connect a player</h2>
      <p>
        Every player that knows Subsonic or OpenSubsonic plays your library. It asks for three
        things:
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>Server</dt>
          <dd>
            <span translate="no">{location.origin}</span>
            <CopyButton small text={location.origin}>
              Copy the server
            </CopyButton>
          </dd>
        </div>
        <div>
          <dt>Name</dt>
          <dd>
            <span translate="no">{me.email}</span>
            <CopyButton small text={me.email}>
              Copy the name
            </CopyButton>
          </dd>
        </div>
        <div>
          <dt>Password</dt>
          <dd>An app password from above, never that of your account</dd>
        </div>
      </dl>
      <ul className={styles.list} aria-label="Where players ask for it">
        {PLAYERS.map(({ name, where }) => (
          <li key={name}>
            <strong translate="no">{name}</strong> <span>{where}</span>
          </li>
        ))}
      </ul>
      <p className="quiet">
        Where a player wants an API key instead of a name, the app password is that key.
      </p>
    </section>
  );
}
