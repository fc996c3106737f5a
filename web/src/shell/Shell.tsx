/** Everything around a page for those who are signed in: rail, player, uploads, messages, dialogs. */
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useStore } from "@/api/store";
import { PlayerBar } from "@/player/PlayerBar";
import { player } from "@/player/state";
import { Toasts } from "@/ui/Toasts";
import { DropZone } from "@/uploads/DropZone";
import { FilePicker } from "@/uploads/FilePicker";
import { Tray } from "@/uploads/Tray";
import { ConnectionBar } from "./ConnectionBar";
import { startKeys } from "./keys";
import { KeysHelp } from "./KeysHelp";
import { overlay } from "./overlays";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { VerifyBar } from "./VerifyBar";
import "./shell.css";

export function Shell() {
  const open = useStore(overlay);
  const { track } = useStore(player);
  // On a phone the full player takes the place of the small one.
  const full = useLocation({ select: ({ pathname }) => pathname === "/playing" });
  useEffect(startKeys, []);
  return (
    <div className={`shell${track ? " shell-playing" : ""}${full ? " shell-full" : ""}`}>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <Rail />
      <div className="shell-content">
        <ConnectionBar />
        <VerifyBar />
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Tray />
      <PlayerBar />
      <Toasts />
      <FilePicker />
      <DropZone />
      {open === "palette" && <Palette />}
      {open === "keys" && <KeysHelp />}
    </div>
  );
}
