"""Phone numbers, in the one form that is stored and compared."""

import phonenumbers


class InvalidPhone(ValueError):
    """Not a number that can be called."""


def to_e164(raw: str, *, country: str) -> str:
    """The number as E.164 (`+13035550142`), read as someone in `country` (ISO 3166, two letters) types it.

    Raises InvalidPhone.
    """
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone(str(error)) from error
    # `is_possible_number` also says yes to seven digits that can be dialled only next door.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidPhone("not a possible number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
