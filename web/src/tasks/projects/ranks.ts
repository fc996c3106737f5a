/** Ranks in words: what somebody is in a project, and what that lets them do. */
import type { Schemas } from "@/api/types";
import type { Project, ProjectMember } from "./queries";

export type Rank = ProjectMember["rank"];
/** What the owner can make of others. */
export type MemberRank = Schemas["RankPatch"]["rank"];

export const RANK_WORDS: Record<Rank, string> = {
  owner: "Owner",
  editor: "Editor",
  commenter: "Commenter",
  viewer: "Viewer",
};

export const WITH_ARTICLE: Record<Rank, string> = {
  owner: "the owner",
  editor: "an editor",
  commenter: "a commenter",
  viewer: "a viewer",
};

/** Behind "they can" and "you can". */
export const RANK_MAY: Record<MemberRank, string> = {
  editor: "read and change everything in it",
  commenter: "read everything in it and comment",
  viewer: "read everything in it",
};

const RANKS: readonly MemberRank[] = ["editor", "commenter", "viewer"];

export const RANK_CHOICES = RANKS.map((value) => ({ value, name: RANK_WORDS[value] }));

/** What is put away stays as it is. */
const isOpen = ({ archived_at, deleted_at }: Project) => archived_at === null && deleted_at === null;

/** Whoever may say something of what is in a project. */
export const mayComment = (project: Project) => project.rank !== "viewer" && isOpen(project);

export const mayInvite = (project: Project) => project.rank === "owner" && isOpen(project);
