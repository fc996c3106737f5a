/** The administrator's frame: users and jobs, each with its own address. */
import { Link, Outlet } from "@tanstack/react-router";
import { Page } from "@/ui/Page";
import "./admin.css";

export default function AdminPage() {
  return (
    <Page title="Administration">
      <nav className="tabs" aria-label="Administration">
        <Link to="/admin" activeOptions={{ exact: true }}>
          Users
        </Link>
        <Link to="/admin/jobs">Jobs</Link>
      </nav>
      <Outlet />
    </Page>
  );
}
