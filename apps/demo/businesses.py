"""All demo businesses, the first one being the site's front page."""

from apps.demo.machinery.business import Business
from apps.demo.saks_silke.company import SAKS_SILKE
from apps.demo.summit_peak.company import SUMMIT_PEAK

BUSINESSES: tuple[Business, ...] = (SUMMIT_PEAK, SAKS_SILKE)
