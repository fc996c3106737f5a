/** A project's control room: what comes in, where it goes, and how to set the encoder up. */
import { useNavigate, useParams, Link } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "@/api/problem";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { deleteProject } from "../projects";
import type { LiveProject } from "../types";
import { DestinationList } from "./DestinationList";
import { EditProject } from "./EditProject";
import { EncoderHelp } from "./EncoderHelp";
import { Shows } from "./Shows";
import { StreamControls } from "./StreamControls";
import { StreamPreview } from "./StreamPreview";
import { useDestinations } from "./useDestinations";
import { useRoom, type Room } from "./useRoom";
import styles from "./room.module.css";

function Gone() {
  return (
    <Notice tone="plain" title="This project isn't here">
      It may have been deleted, or its address mistyped. <Link to="/live">Go to your projects</Link>
    </Notice>
  );
}

function Console({ project, room }: { project: LiveProject; room: Room }) {
  const destinations = useDestinations(project.id, room.status);
  const seen = room.status.state === "live" || room.status.state === "held";
  return (
    <div className={styles.room}>
      <div className={styles.desk}>
        {seen && (
          <StreamPreview
            key={room.status.show_id}
            projectId={project.id}
            ladder={room.status.ladder}
          />
        )}
        <StreamControls project={project} room={room} routed={destinations.routed ?? []} />
        <DestinationList project={project} room={room} {...destinations} />
      </div>
      <div className={styles.side}>
        <EncoderHelp project={project} room={room} routed={destinations.routed ?? []} />
        <Shows project={project} />
      </div>
    </div>
  );
}

export default function RoomPage() {
  const { projectId } = useParams({ from: "/in/live/$projectId" });
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const { project: { data: project, error, refetch }, room } = useRoom(projectId);
  const gone = error instanceof Problem && error.status === 404;
  const remove = async (doomed: LiveProject) => {
    await navigate({ to: "/live" });
    await deleteProject(doomed);
  };
  const items: MenuItem[] = project
    ? [
        { key: "edit", label: "Settings", icon: "edit", run: () => setEditing(true) },
        {
          key: "delete",
          label: "Delete",
          ...(room.on ? { detail: "Ends the show" } : {}),
          icon: "trash",
          trouble: true,
          run: () => void remove(project),
        },
      ]
    : [];
  return (
    <Page
      title={project?.name ?? "Live project"}
      actions={
        project && !gone && (
          <Menu label={`Actions for ${project.name}`} items={items}>
            <Icon name="more" />
          </Menu>
        )
      }
    >
      <Link to="/live" className={styles.back}>
        <Icon name="back" size={18} />
        Live
      </Link>
      {gone && <Gone />}
      {error && !gone && !project && (
        <Failed what="This project can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!project && !error && <Skeleton what="this project" shape="block" rows={2} />}
      {project && !gone && <Console key={project.id} project={project} room={room} />}
      {project && editing && <EditProject project={project} onClose={() => setEditing(false)} />}
    </Page>
  );
}
