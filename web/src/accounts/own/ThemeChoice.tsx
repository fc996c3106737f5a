/** Dark, light or as the system says. */
import { useStore } from "@/api/store";
import { setTheme, theme, THEMES } from "@/design/theme";
import choice from "@/ui/choice.module.css";

export function ThemeChoice() {
  const current = useStore(theme);
  return (
    <fieldset className={choice.choice}>
      <legend className="unseen">Theme</legend>
      {THEMES.map(({ value, name }) => (
        <label key={value}>
          <input
            type="radio"
            name="theme"
            value={value}
            checked={value === current}
            onChange={() => setTheme(value)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
