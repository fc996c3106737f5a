/** What keeps others out: the password and the second factor. */
import { Part } from "@/ui/Part";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";
import { WithMe } from "./WithMe";

export default function SecurityPage() {
  return (
    <WithMe>
      {(me) => (
        <div>
          <Part title="Password">
            <PasswordForm me={me} />
          </Part>
          <Part title="Second factor">
            <SecondFactor me={me} />
          </Part>
        </div>
      )}
    </WithMe>
  );
}
