/** How much one hasn't read. */
import { useQuery } from "@tanstack/react-query";
import { unreadQuery } from "./queries";

export const useUnread = () => useQuery(unreadQuery).data?.unread ?? 0;
