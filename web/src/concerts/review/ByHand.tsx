/** Which concert it was, said by hand: one box finds concerts, venues and artists, or takes new ones. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { http } from "@/api/http";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { concertName, venueWords } from "../history/words";
import type { ConcertForm } from "../types";
import { Finder } from "./Finder";
import { optionsOf, type Taken } from "./options";
import { aroundQuery, foundQuery, yearQuery } from "./queries";
import type { Choice, Review, VenueForm } from "./types";
import styles from "./by-hand.module.css";

interface Props {
  review: Review;
  onClose: () => void;
  onChoose: (choice: Choice) => void;
  /** A concert was made of it, called like that. */
  onMade: (words: string) => void;
}

/** The city where it most likely was, for a venue that nobody knows yet. */
function likelyCity({ candidates }: Review) {
  const venue = candidates.find((each) => each.venue !== null)?.venue;
  return { city: venue?.city ?? "", country_code: venue?.country_code ?? "" };
}

function venueOf(review: Review, venue: VenueForm, city: string): VenueForm {
  if (venue.city !== "") return venue;
  const likely = likelyCity(review);
  const country_code = city === likely.city ? likely.country_code : "";
  return { ...venue, city, country_code, location: review.location };
}

/** The first is the headliner, who plays last. */
function billOf(artists: readonly string[]) {
  const [first, ...others] = artists.map((name) => ({ name, mbid: "", headliner: false }));
  return first === undefined ? [] : [...others, { ...first, headliner: true }];
}

export function ByHand({ review, onClose, onChoose, onMade }: Props) {
  const [text, setText] = useState("");
  const [venue, setVenue] = useState<VenueForm | null>(null);
  const [artists, setArtists] = useState<readonly string[]>([]);
  const wanted = useDeferredValue(text.trim());
  const day = review.days[0] ?? review.began_at.slice(0, 10);
  const { data: found } = useQuery({ ...foundQuery(wanted, review.location), placeholderData: keepPreviousData });
  const { data: year } = useQuery(yearQuery(day.slice(0, 4)));
  const { data: around } = useQuery(aroundQuery(review.location));
  const options = optionsOf(review, wanted, found, year?.items ?? [], around ?? []);
  const isNewVenue = venue !== null && venue.city === "";

  const form = useSubmit(
    async ({ held_on = day, city = "" }) => {
      const body: ConcertForm = {
        held_on,
        title: "",
        festival: false,
        notes: "",
        zone: review.zone,
        venue: venue === null ? null : venueOf(review, venue, city.trim()),
        bill: billOf(artists),
      };
      await http.post<Review>(`/concerts/reviews/${review.id}/concert`, body);
      onMade(concertName({ title: "", venue, bill: billOf(artists) }));
    },
    ["held_on", "city"],
  );

  const take = (taken: Taken) => {
    setText("");
    if (taken.kind === "venue") setVenue(taken.venue);
    else if (taken.kind === "artist") {
      setArtists((now) => (now.includes(taken.name) ? now : [...now, taken.name]));
    } else {
      const { concert } = taken;
      onChoose({ call: "join", body: { concert_id: concert.id }, words: concertName(concert) });
    }
  };

  return (
    <Dialog title="Which concert was it?" onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.byHand} onSubmit={form.submit}>
        <Finder
          label="Concert, venue or artist"
          text={text}
          options={options}
          stale={wanted !== text.trim()}
          onText={setText}
          onTake={take}
        />
        {(artists.length > 0 || venue !== null) && (
          <ul className={styles.chosen} aria-label="Chosen">
            {artists.map((name, at) => (
              <li key={name}>
                <Icon name="user" size={16} />
                <span>
                  {name}
                  {artists.length > 1 && at === 0 && <small>, on top</small>}
                </span>
                <IconButton
                  icon="close"
                  size={16}
                  label={`Without ${name}`}
                  onClick={() => setArtists(artists.filter((each) => each !== name))}
                />
              </li>
            ))}
            {venue !== null && (
              <li>
                <Icon name="place" size={16} />
                <span>{venueWords(venue)}</span>
                <IconButton icon="close" size={16} label={`Without ${venue.name}`} onClick={() => setVenue(null)} />
              </li>
            )}
          </ul>
        )}
        <div className={styles.pair}>
          <Field
            name="held_on"
            label="Day"
            type="date"
            required
            defaultValue={day}
            fault={form.fault("held_on")}
          />
          {isNewVenue && (
            <Field
              name="city"
              label="City of the venue"
              defaultValue={likelyCity(review).city}
              maxLength={200}
              autoComplete="off"
              fault={form.fault("city")}
            />
          )}
        </div>
        <DialogActions
          form={form}
          send="It was this"
          sending="Saving…"
          disabled={artists.length === 0 && venue === null}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
