/** Who one is here: name, address, storage, theme, and the way out. */
import { Part } from "@/ui/Part";
import { DeleteAccount } from "./DeleteAccount";
import { EmailState } from "./EmailState";
import { NameForm } from "./NameForm";
import { StorageMeter } from "@/shell/home/StorageMeter";
import { ThemeChoice } from "./ThemeChoice";
import { WithMe } from "./WithMe";

export default function ProfilePage() {
  return (
    <WithMe>
      {(me) => (
        <div>
          <Part title="You">
            <NameForm me={me} />
          </Part>
          <Part title="E-mail">
            <EmailState me={me} />
          </Part>
          <Part title="Storage">
            <StorageMeter />
          </Part>
          <Part title="Theme">
            <ThemeChoice />
          </Part>
          <Part title="Delete account">
            <DeleteAccount me={me} />
          </Part>
        </div>
      )}
    </WithMe>
  );
}
