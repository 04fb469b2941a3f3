import { addMessages } from ".";
import { enPages } from "./en-pages";

addMessages("en", enPages);
