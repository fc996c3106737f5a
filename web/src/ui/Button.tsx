/** Buttons: with words, or with an icon and its words for those who can't see it. */
import type { ComponentProps } from "react";
import { Icon, type IconName } from "./Icon";
import { classes } from "./classes";
import styles from "./button.module.css";

type Native = Omit<ComponentProps<"button">, "className">;

interface ButtonProps extends Native {
  look?: "signal" | "plain" | "trouble" | "bare" | "link";
  icon?: IconName;
  small?: boolean;
}

export function Button({
  look = "plain",
  icon,
  small = false,
  type = "button",
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={classes(styles.button, styles[`button-${look}`], small && styles.buttonSmall)}
      {...rest}
    >
      {icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends Omit<Native, "children" | "aria-label"> {
  icon: IconName;
  label: string;
  size?: number;
  strong?: boolean;
}

export function IconButton({
  icon,
  label,
  size = 20,
  strong = false,
  type = "button",
  title,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type={type}
      className={classes(styles.iconButton, strong && styles.iconButtonStrong)}
      aria-label={label}
      title={title ?? label}
      {...rest}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
