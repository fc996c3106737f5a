/** Follows somebody, or no longer; it answers at once, and takes that back if it fails. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { nameOf, setFollowed } from "./actions";

interface Props {
  person: { id: string; name: string; is_followed: boolean };
  small?: boolean;
}

export function FollowButton({ person, small = false }: Props) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const followed = wanted ?? person.is_followed;
  const toggle = async () => {
    setWanted(!followed);
    await setFollowed(person, !followed);
    setWanted(null);
  };
  return (
    <Button
      small={small}
      icon={followed ? "check" : "plus"}
      look={followed ? "plain" : "signal"}
      aria-label={`${followed ? "Following" : "Follow"} ${nameOf(person)}`}
      title={followed ? `Unfollow ${nameOf(person)}` : undefined}
      disabled={wanted !== null}
      onClick={() => void toggle()}
    >
      {followed ? "Following" : "Follow"}
    </Button>
  );
}
