import { useState } from "react";
import { useEditor } from "../state";
import { patchNode } from "../model/edits";
import { lengthAndPrice } from "../model/library";
import type { EditorNode } from "../model/types";
import { Button } from "../parts/Button";
import { Picker } from "../parts/Picker";
import { usePlaces } from "./places";

/** A service: which one, with what it takes and costs. */
export function ServiceForm({ node }: { node: EditorNode }) {
  const { catalogue, library, edit } = useEditor();
  const places = usePlaces();
  const service = library.service(node.service_id);
  const [open, setOpen] = useState(service === null);
  const options = catalogue.services.map((one) => ({
    key: one.id,
    group: one.active ? "Services" : "Switched off",
    label: one.title,
    detail: lengthAndPrice(one),
    icon: "home_repair_service",
    run: () => edit((doc) => patchNode(doc, node.id, { service_id: one.id })),
  }));
  const active = [...options].sort((a, b) => Number(a.group === "Switched off") - Number(b.group === "Switched off"));
  return (
    <>
      {service && (
        <div className="ge-card">
          <strong>{service.title}</strong>
          <p>{lengthAndPrice(service)}</p>
          {service.price_note && <p>{service.price_note}</p>}
          {service.description && <p>{service.description}</p>}
          {!service.active && <p className="ge-warn">Switched off: nobody can book it.</p>}
          <p className="ge-hint">
            <a className="ge-link" data-ge-first href={places.service(service.id)} target="_blank" rel="noreferrer">
              Edit this service
            </a>
          </p>
        </div>
      )}
      {open ? (
        <Picker label="Which service?" placeholder="Look for a service" options={active} onClose={() => setOpen(false)} />
      ) : (
        <Button icon="swap_horiz" label={service ? "Use another service" : "Choose a service"} onClick={() => setOpen(true)} />
      )}
      <a className="ge-link ge-hint" href={places.newService} target="_blank" rel="noreferrer">
        Add a service that you do not have yet
      </a>
    </>
  );
}
