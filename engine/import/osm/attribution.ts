/** What the licence of OpenStreetMap data (ODbL 1.0) asks to be shown with everything made from it. */
export const OSM_ATTRIBUTION = '(c) OpenStreetMap contributors';
