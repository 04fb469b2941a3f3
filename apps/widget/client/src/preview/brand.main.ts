import { BrandForm } from "./brand";

const form = document.querySelector<HTMLElement>("[data-color]")?.closest("form");
if (form) new BrandForm(form);
