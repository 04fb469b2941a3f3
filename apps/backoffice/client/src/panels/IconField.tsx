import { useEffect, useId, useState } from "react";
import { Button } from "../parts/Button";
import { Picker } from "../parts/Picker";
import { Drawing } from "../parts/Symbol";
import { iconsFrom, type Icons } from "../server/icons";
import { usePlaces } from "./places";

interface Props {
  value: string;
  onChange(value: string): void;
}

/** The icon that customers see beside the words, chosen from pictures. */
export function IconField({ value, onChange }: Props) {
  const { icons: url } = usePlaces();
  const [icons, setIcons] = useState<Icons | null>(null);
  const [open, setOpen] = useState(false);
  const id = useId();
  const wanted = open || value !== "";
  useEffect(() => {
    let here = true;
    if (wanted) iconsFrom(url).then((found) => here && setIcons(found), () => undefined);
    return () => {
      here = false;
    };
  }, [url, wanted]);
  const options = Object.entries(icons?.paths ?? {}).map(([name, path]) => ({
    key: name,
    group: "Icons",
    label: name.replaceAll("-", " "),
    words: `${name} ${icons?.words[name] ?? ""}`,
    icon: "",
    path,
    run: () => onChange(name),
  }));
  return (
    <div className="ge-field">
      <span id={id} className="ge-label">
        Icon
      </span>
      {open && icons ? (
        <Picker label="Which icon?" placeholder="Such as flame, water, hair" options={options} onClose={() => setOpen(false)} />
      ) : (
        <div className="ge-row" role="group" aria-labelledby={id}>
          <button type="button" className="ge-button ge-button-plain" onClick={() => setOpen(true)}>
            {icons?.paths[value] && <Drawing path={icons.paths[value]} />}
            <span>{value ? value.replaceAll("-", " ") : "Choose an icon"}</span>
          </button>
          {value && <Button iconOnly icon="close" label="No icon" onClick={() => onChange("")} />}
        </div>
      )}
    </div>
  );
}
