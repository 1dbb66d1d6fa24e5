// The JSON that the host speaks, as DESIGN.md ("HTTP") fixes it. An absent field means none; instants are RFC 3339 in UTC.

/** Whether somebody is there, and when that changes. */
export interface Availability {
  state: "open" | "closed";
  changes_at?: string;
}

/** A promise: the latest moment, and how the host says it in the visitor's language. */
export interface ExpectedReply {
  by: string;
  seconds: number;
  text: string;
}

/** One way outward to the business. */
export interface Channel {
  id: string;
  kind: string;
  label: string;
  value: string;
  href: string;
  availability: Availability;
  expected_reply?: ExpectedReply;
}

/** A moment at which a call can be booked. */
export interface Slot {
  from: string;
  to: string;
}

/** What can be submitted, with its own hours and promise. */
export interface Form {
  availability: Availability;
  expected_reply?: ExpectedReply;
  fields?: { name: string; required?: boolean }[];
  /** Moments that can be chosen, and those that others took. */
  slots?: Slot[];
  taken?: Slot[];
  consent?: string;
}

/** One FAQ entry; its HTML is copied element by element (see `rich-text.ts`), never parsed into the page. */
export interface Answer {
  id: string;
  question: string;
  html: string;
  url?: string;
}

/** What one visitor sees on one page at one moment. */
export interface Offer {
  site: { key: string; name: string; locale: string; time_zone: string };
  now: string;
  availability: Availability;
  channels: Channel[];
  forms: { callback?: Form; message?: Form };
  form_token?: string;
  answers: Answer[];
  guides: { title: string; url: string }[];
  notices: { level: string; text: string }[];
}

/** Which form a request came by. */
export type Kind = "callback" | "message";

/** Where a request stands. */
export type Status = "received" | "accepted" | "in-progress" | "resolved" | "cancelled";

/** A file of a conversation. */
export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
}

/** The requester's own request. */
export interface OwnRequest {
  reference: string;
  kind: Kind;
  status: Status;
  slot?: string;
  reply_by?: "phone" | "email";
  steps: { status: Status; at?: string; due?: string }[];
  entries: { id?: string; from: string; at: string; text: string; attachments?: Attachment[] }[];
  expected_reply?: ExpectedReply;
  rating?: { stars: number; comment?: string };
}

/** What a kept submission is answered with. */
export interface Receipt {
  reference: string;
  tracking_token: string;
  status: Status;
  expected_reply?: ExpectedReply;
}

/** A proof of work the host asks for before it takes a request (`altcha`, version 1). */
export interface Challenge {
  algorithm: string;
  challenge: string;
  maxnumber: number;
  salt: string;
  signature: string;
}

/** One refusal of one field: RFC 6901 pointer and a message in the visitor's language. */
export interface FieldError {
  pointer?: string;
  code?: string;
  message: string;
}
