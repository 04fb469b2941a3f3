import { createContext, useContext } from "react";

/** Where other pages of the back office are. */
export interface Places {
  step: string;
  flow: string;
  newService: string;
  icons: string;
  question(id: string): string;
  service(id: string): string;
}

export const PlacesContext = createContext<Places | null>(null);

export function usePlaces(): Places {
  const places = useContext(PlacesContext);
  if (!places) throw new Error("There are no places around this.");
  return places;
}

const ID = "00000000-0000-0000-0000-000000000000";

/** Reads the addresses that the page gives; those of rows have a zero id to be replaced. */
export function placesOf(root: HTMLElement): Places {
  const given = (name: string): string => root.dataset[name] ?? "";
  return {
    step: given("stepUrl"),
    flow: given("flowUrl"),
    newService: given("newServiceUrl"),
    icons: given("iconsUrl"),
    question: (id) => given("questionUrl").replace(ID, id),
    service: (id) => given("serviceUrl").replace(ID, id),
  };
}
