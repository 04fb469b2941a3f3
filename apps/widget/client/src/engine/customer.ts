/** What a person types about themselves, before anything is checked. */
export interface CustomerDraft {
  name: string;
  phone: string;
  email: string;
  line1: string;
  line2: string;
  city: string;
  postal_code: string;
}

export type CustomerField = keyof CustomerDraft;

export const EMPTY_CUSTOMER: CustomerDraft = {
  name: "",
  phone: "",
  email: "",
  line1: "",
  line2: "",
  city: "",
  postal_code: "",
};

/** What a details field holds: text, or a tick. */
export type DetailValue = string | boolean;
