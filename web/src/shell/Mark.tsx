/** Backline's sign: three channels of a meter. */
import rail from "./rail.module.css";

const LIT = [2, 3, 1];
const ROWS = [0, 1, 2];

export function Mark({ size = 30 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 30 30">
      {LIT.map((lit, channel) =>
        ROWS.map((row) => (
          <rect
            key={`${channel}-${row}`}
            className={row < lit ? rail.markLit : rail.markUnlit}
            x={3 + channel * 9}
            y={21 - row * 7.5}
            width={6}
            height={5}
            rx={1}
          />
        )),
      )}
    </svg>
  );
}
