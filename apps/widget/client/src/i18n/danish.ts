import { addMessages } from ".";
import da from "./da";
import daLater from "./da-later";

/* For a bundle that is fetched whole, such as the preview's. */
addMessages("da", { ...da, ...daLater });
