/** The way around: a slim rail on the left; on phones a bar at the bottom. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { meQuery } from "@/api/queries";
import { signOut } from "@/auth/signOut";
import { Icon, type IconName } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { openHelp, openPalette } from "./overlays";
import { Mark } from "./Mark";
import "./rail.css";

function Item({ to, icon, label }: { to: "/" | "/library" | "/admin"; icon: IconName; label: string }) {
  return (
    <Link to={to} className="rail-item" activeOptions={{ exact: to === "/" }}>
      <Icon name={icon} size={22} />
      <span>{label}</span>
    </Link>
  );
}

export function Rail() {
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  return (
    <nav className="rail" aria-label="Main">
      <Link to="/" className="rail-mark" aria-label="Backline, home">
        <Mark />
      </Link>
      <Item to="/" icon="home" label="Home" />
      <Item to="/library" icon="library" label="Library" />
      <button type="button" className="rail-item" onClick={openPalette} title="Search ( / )">
        <Icon name="search" size={22} />
        <span>Search</span>
      </button>
      {me?.role === "admin" && <Item to="/admin" icon="admin" label="Admin" />}
      <div className="rail-foot">
        <Menu
          label="You: account menu"
          className="rail-item"
          side="right"
          items={[
            {
              key: "account",
              label: me?.name ?? "Account",
              ...(me ? { detail: me.email } : {}),
              icon: "user",
              run: () => void navigate({ to: "/account" }),
            },
            { key: "keys", label: "Keys", icon: "more", run: openHelp },
            { key: "out", label: "Sign out", icon: "back", run: () => void signOut() },
          ]}
        >
          <Icon name="user" size={22} />
          <span>You</span>
        </Menu>
      </div>
    </nav>
  );
}
