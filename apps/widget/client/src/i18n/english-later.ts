import { addMessages } from ".";
import { enLater } from "./en-later";

addMessages("en", enLater);
