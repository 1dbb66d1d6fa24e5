// Line drawings in a square of 24.

/** Of the channels, by kind. */
export const CHANNEL_DRAWINGS: Record<string, string> = {
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
  email: "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2m-2 2 9 6 9-6",
  telegram: "M21 4 3 11l6 2 2 6 3-4 5 4z",
  whatsapp: "M4 20l1.4-4.2A8 8 0 1 1 8.3 18.700zM9 9c0 3.5 2.5 6 6 6l.5-1.6-2-1-1 1C11.3 13 11 12.7 10.6 11.500l1-1-1-2z",
  sms: "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2M8 11h.01M12 11h.01M16 11h.01",
};

/** What stands for every other kind. */
export const OTHER_DRAWING = "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2";

/** To the first view. */
export const BACK = "m15 5-7 7 7 7";

/** Away. */
export const CLOSE = "m6 6 12 12M18 6 6 18";
