/** A line at the top while the server can't be reached. It goes by itself. */
import { useStore } from "@/api/store";
import { connection } from "@/api/connection";
import styles from "./connection-bar.module.css";

export function ConnectionBar() {
  const state = useStore(connection);
  return (
    <div role="status">
      {state !== "ok" && (
        <p className={styles.connectionBar}>
          {state === "offline"
            ? "This device is offline. What is here stays; everything goes on when the network is back."
            : "The server doesn't answer. It may be restarting; this page goes on by itself when it is back."}
        </p>
      )}
    </div>
  );
}
