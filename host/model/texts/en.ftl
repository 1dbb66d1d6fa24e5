### English. The same ids, with the same placeables, stand in ru.ftl and bg.ftl: a test says so.
### Ids that begin with `launcher-` and `panel-` go into the browser too: text, placeables, at most one plural over $count.

## The launcher

launcher-label = Help
launcher-open-request = You have an open request

## The panel: frame

panel-close = Close
panel-back = Back
panel-retry = Try again
panel-loading = One moment…
panel-send-message = Send a message
panel-optional = (optional)
panel-open-until = Open until { $time }
panel-open-always = Always open
panel-closed = Closed
panel-opens = we open { $moment }
panel-zone-here = our time { $site }, yours { $yours }

## The panel: how to reach us, and when we answer

panel-reach-heading = How to reach us and when we answer
panel-channel-until = until { $time }
panel-channel-from = from { $moment }
panel-channel-always = always
panel-channel-open = open
panel-channel-closed = closed
panel-replies = we’ll answer { $text }
panel-action-callback = Call me back
panel-action-message = Write to us
panel-action-message-closed = Leave a message

## The panel: self-help

panel-self-help-heading = Solve it yourself
panel-search = Find an answer
panel-search-none = Nothing found for “{ $query }”. Write to us and we’ll help.
panel-for-this-page = for this page
panel-helped = Did this help?
panel-helped-yes = Yes
panel-helped-no = No
panel-helped-thanks = Thank you, that helps us.

## The panel: callback

panel-callback-title = Call me back
panel-callback-when = When
panel-callback-no-slots = No free times in the coming days. Leave us a message instead.
panel-callback-choose = Choose a time
panel-callback-submit = Call me { $moment }
panel-today = Today
panel-slot-taken = taken

## The panel: message

panel-message-title = Write to us
panel-message-closed-hint = We’re away right now. We’ll answer { $moment }
panel-message-hint = We’ll answer { $moment }
panel-message-submit = Send

## The panel: fields

panel-field-phone = Phone
panel-field-name = Your name
panel-field-email = E-mail
panel-field-text-callback = What to talk about
panel-field-text-message = Your question
panel-field-contact-hint = Leave an e-mail address or a phone number
panel-field-reply-by = How should we answer?
panel-reply-by-phone = By phone
panel-reply-by-email = By e-mail

## The panel: your request

panel-status-title = Your request
panel-status-received = Received
panel-status-accepted = Accepted
panel-status-in-progress = Working on it
panel-status-resolved = Solved
panel-status-cancelled = Cancelled
panel-status-due = we’ll answer { $moment }
panel-status-call = Your call { $moment }
panel-status-message = Your message
panel-calendar = Add the call to your calendar
panel-write-more = Add something
panel-write-again = Still a question? Write again
panel-write-submit = Send the message
panel-file = Add a photo or a file
panel-file-sending = Sending the file…
panel-file-sent = The file is sent
panel-rate = Did that help?
panel-rate-again = How you rated the answer
panel-rate-comment = Why?
panel-rate-submit = Send the rating
panel-rate-thanks = Thank you: they will read it
panel-stars-1 = Not at all
panel-stars-2 = Hardly
panel-stars-3 = In part
panel-stars-4 = Mostly
panel-stars-5 = Completely
panel-change-slot = Change the time
panel-cancel = Cancel the request
panel-cancel-confirm = Cancel this request?
panel-cancel-yes = Yes, cancel it
panel-cancel-no = No, keep it
panel-saved = Saved
panel-you = You
panel-business = Us

## The panel: all requests

panel-links = All my requests
panel-links-title = All your requests
panel-links-hint = Leave the e-mail address you gave with them: we’ll send a link that opens the list
panel-links-submit = Send me the link
panel-links-sent = If we know this address, a letter is on its way

## The panel: when something is wrong

panel-error-network = No connection. Everything you wrote is still here.
panel-error-server = Something broke on our side. Everything you wrote is still here: please try again.
panel-error-busy = { $count ->
    [one] Too many tries in a row. Please try again in { $count } minute.
   *[other] Too many tries in a row. Please try again in { $count } minutes.
}
panel-error-fields = Please check the marked fields
panel-error-gone = This request is no longer here
panel-error-required = Please fill this in
panel-hosted-link = Open the support page

## Channels, where the owner gave no label

channel-phone = Call us
channel-email = E-mail
channel-whatsapp = WhatsApp
channel-telegram = Telegram
channel-viber = Viber
channel-messenger = Messenger
channel-sms = Text message
channel-social = Social media

## Statuses

status-received = Received
status-accepted = Accepted
status-in-progress = Working on it
status-resolved = Solved
status-cancelled = Cancelled

## Moments

moment-at = { $day } at { $time }
moment-by = { $day } by { $time }
moment-between = { $day } between { $time } and { $end }
day-today = today
day-tomorrow = tomorrow
day-date = { $day } { $month }
day-date-year = { $day } { $month } { $year }
day-full = on { $weekday } { $date }
on-monday = Monday
on-tuesday = Tuesday
on-wednesday = Wednesday
on-thursday = Thursday
on-friday = Friday
on-saturday = Saturday
on-sunday = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
reply-right-away = right away

## Problems with a field

problem-required = Please fill this in
problem-required-phone = Please give a phone number, so that we can call you
problem-required-email = Please give an e-mail address, so that we can answer
problem-required-slot = Please choose a time
problem-required-text = Please write what it is about
problem-contact-required = Please leave an e-mail address or a phone number, so that we can answer
problem-wrong-type = This should be of another kind: please look at the interface description
problem-unknown-field = There is no such field: please leave it out
problem-unknown-value = Please choose one of the values offered
problem-no-such-form = This form is not offered here: please choose another way to reach us
problem-too-long = { $count ->
    [one] Too long: please keep it to { $count } character
   *[other] Too long: please keep it to { $count } characters
}
problem-too-many = { $count ->
    [one] Too many: please keep it to { $count }
   *[other] Too many: please keep it to { $count }
}
problem-control-character = There is an invisible character in here: please type it again by hand
problem-phone-too-short = { $count ->
    [1] Looks like a digit is missing: at least one more
    [2] Looks like digits are missing: at least two more
    [3] Looks like digits are missing: at least three more
    [4] Looks like digits are missing: at least four more
    [5] Looks like digits are missing: at least five more
   *[other] Looks like digits are missing: at least { $count } more
}
problem-phone-invalid = Nobody can have this number: please check the digits
problem-email-invalid = This doesn’t look like an e-mail address: it should be like name@example.com
problem-page-invalid = The page address should begin with https:// or http://
problem-slot-invalid = This is not a time we can read: please choose one from the list
problem-slot-past = This time is too soon or already past: please choose a later one
problem-slot-too-far = We don’t plan that far ahead: please choose an earlier time
problem-slot-none = We don’t make calls then: please choose one of the times offered
problem-slot-taken = Somebody has just taken this time: please choose another one
problem-consent-required = Please tick that you agree: we cannot take your request without it
problem-form-expired = This form stood open for too long: please send it again
problem-form-used = This form was sent before: if this is another request, please send it again
problem-proof-required = Please solve the challenge given here, and send its proof along
problem-password-too-short = A password needs at least 12 characters: a few words in a row do well
problem-password-obvious = This is easily guessed: please don’t take a name, an address or a site for a password
problem-wrong = This is not right: please check it and try again
problem-email-taken = Somebody signs in by this address already: please take another one
problem-unknown-variable = Between braces only these are filled in: name, reference, promise, agent
problem-required-file = Please choose a file that is not empty
problem-file-type = We take photos and images (JPEG, PNG, WebP, GIF, HEIC), PDF and plain text: please send it as one of these
problem-file-mismatch = This file is something else than it says it is: please send the original

## Answers to requests that fail as a whole

error-not-found = There is nothing at this address
error-unknown-site = There is no such site here: check the site’s name in the address
error-unknown-request = This request is no longer here
error-method-not-allowed = This address doesn’t do that: see the interface description
error-not-json = This is not JSON
error-too-deep = This JSON is nested too deeply
error-bad-unicode = This JSON contains half of a character (a lone surrogate)
error-given-twice = This JSON gives a member twice
error-bad-body = The body broke off or its chunks make no sense
error-bad-host = This request should name one host, and does not
error-unsupported-media-type = Please send application/json
error-too-large = This is too large: please send less
error-file-too-large = This file is too large: at most { $count } MB can be sent
error-no-room = No more files fit into this request: please describe the rest in words
error-site-full = Files cannot be taken at the moment: please describe it in words, or send the file by e-mail
error-uploads-busy = Others are sending files just now: please try again in a moment
error-fields = Please check the marked fields
error-bad-query = Please check the parameters in the address
error-bad-idempotency-key = The Idempotency-Key should be 1 to 255 visible ASCII characters
error-key-reused = This Idempotency-Key was already used with another body: please take a new one
error-proof-required = Please send this again with the proof of work asked for here
error-unauthorized = This access has run out or was never valid: please open your request by the link in your e-mail
error-forbidden-origin = Pages of this origin may not do that: add it to the site’s `origins`
error-signed-out = You are signed out: please sign in again. Nothing was kept of what you just sent
error-sign-in-refused = Address, password or code is wrong: please check them and try again
error-totp-required = Please send the code of your authenticator app along, or one of your recovery codes
error-forbidden = Only an owner may do that: please ask one
error-unknown-agent = There is no such colleague here
error-unknown-reply = There is no such canned reply here
error-own-account = Nobody removes themselves: please ask another owner
error-foreign-page = This can only be sent from the console’s own page
error-conflict = The request has changed in between: please load it again
error-final = This request is closed and stays as it is
error-not-answered = There is no answer yet that you could rate
error-changed = It was changed a moment ago: this is how it stands now
error-too-often = This request was changed too often: please write to us instead
error-no-slot = A message has no time to change
error-no-contact = You left no contact to be answered that way
error-rate-limited = { $count ->
    [one] Too many tries in a row: please wait { $count } second
   *[other] Too many tries in a row: please wait { $count } seconds
}
error-timeout = That took too long: please try again
error-unavailable = We could not keep this just now. Nothing was sent: please try again in a minute

## Hosted page

page-title = { $site }: help
page-saved-title = Thank you, we have it
page-saved-keep = Write the reference down: it helps us find your request
page-slot-label = Time of the call
page-back-to-site = Back to { $site }
page-changed = Changed: here is how it stands now
page-cancelled = The request is cancelled
page-sent = Sent: here is how it stands now
page-file-submit = Send the file
page-rated = Thank you: they will read it
page-conversation = Conversation

## Mailed link

link-title = Your request at { $site }
link-open = Show my request
link-explain = The link in the e-mail works once. Press the button to open your request in this browser.
link-used = This link has been used already. If that was you, your request is still open in the browser where you opened it.
link-expired = This link has expired or is not whole. Check that you copied all of it, or write to us with your reference.

## The list of all requests, by a mailed link

list-ask-title = All your requests at { $site }
list-title = Your requests at { $site }
list-explain = The link in the e-mail works once. Press the button to open your requests in this browser.
list-open = Show my requests
list-used = This link has been used already. If that was you, the list is still open in the browser where you opened it.
list-expired = This link has expired or is not whole. Check that you copied all of it, or ask for a new one.
list-none = There is nothing of yours here any more.
list-show = Open
list-older = Older ones
list-gone = This request is no longer here.
list-received = left { $moment }
list-callback = Callback
list-message = Message

## The business's page of a request

desk-request = Request to { $site }
desk-explain = The link in the letter works once. Press the button to open the request in this browser.
desk-open = Show the request
desk-used = This link was opened already in another browser. Every letter about a request brings a link of its own.
desk-expired = This link has expired or is not whole. Check that you copied all of it.
desk-title = { $reference }, { $site }
desk-call = waiting for a call { $moment }
desk-promise = an answer is promised { $moment }
desk-overdue = overdue: { $promised }
desk-accept = I’ll take it on
desk-reached = I called, it is done
desk-no-answer = I called, nobody answered
desk-resolve = It is answered
desk-saved = Saved: this is what the requester sees now
desk-answer = Answer
desk-answer-by-mail = it goes to the requester by e-mail, and stands on their page
desk-answer-on-page = no e-mail was left: the requester sees it where they wrote
desk-answer-send = Send, more will follow
desk-answer-send-resolve = Send and close
desk-facts = Who asks

## Letters to the business

letter-business-callback-subject = { $reference }: call { $moment }
letter-business-message-subject = { $reference }: new message
letter-business-changed-subject = { $reference }: changed by the requester
letter-business-moved-subject = { $reference }: changed by the requester, call { $moment }
letter-business-cancelled-subject = { $reference }: cancelled by the requester
letter-business-callback-intro = Somebody is waiting for your call { $moment }.
letter-business-message-intro = Somebody wrote to you.
letter-business-link = Take it on or close it here:
letter-business-promise = You promised an answer { $moment }.
letter-business-changed-intro = The requester changed this request. This is how it stands now.
letter-business-cancelled-intro = The requester cancelled this request: there is nothing left to do.
letter-business-no-answer-needed = The call { $moment } is not needed any more.
letter-business-entry-subject = { $reference }: the requester wrote again
letter-business-entry-intro = The requester wrote:
letter-business-rated-subject = { $reference }: your answer was rated
letter-business-rated-intro = The requester gave your answer { $stars } of 5.
letter-business-rated-comment = And wrote:
letter-business-due-subject = { $reference }: an answer is due soon
letter-business-due-intro = You promised an answer { $moment }, and nobody has answered yet.
letter-business-overdue-subject = { $reference }: the promised time is over
letter-business-overdue-intro = You promised an answer { $moment }. Nobody has answered, and the requester is waiting.
letter-label-name = Name
letter-label-phone = Phone
letter-label-email = E-mail
letter-label-reply-by = Answer by
letter-label-language = Language
letter-label-page = Page
letter-label-reference = Reference
letter-label-received = Received
letter-label-team = Team
letter-label-topic = Topic
letter-label-tags = Tags
letter-label-priority = Priority
letter-label-consent = Agreed to
letter-reply-by-phone = phone
letter-reply-by-email = e-mail
letter-priority-low = low
letter-priority-high = high
letter-text-heading = What they wrote:
letter-language-en = English
letter-language-ru = Russian
letter-language-bg = Bulgarian

## Letters to the requester

calendar-summary = Call from { $site }
calendar-description = We’ll call you at { $phone }. Your reference: { $reference }
letter-requester-callback-subject = { $reference }: we’ll call { $moment }
letter-requester-message-subject = { $reference }: we have your message
letter-greeting = Hello!
letter-greeting-name = Hello, { $name }!
letter-requester-callback = We’ll call you { $moment } at { $phone }.
letter-requester-message = We have your message.
letter-requester-promise = We’ll answer { $moment }.
letter-requester-promise-right-away = We’ll answer right away.
letter-requester-zone = All times here are in the time zone { $zone }.
letter-requester-reference = Your reference: { $reference }
letter-requester-link = See how it stands, change it or cancel it (the link works once):
letter-requester-missed-subject = { $reference }: we could not reach you
letter-requester-missed = We called you at { $phone }, and nobody answered.
letter-requester-missed-link = Choose another time, or tell us that you need no call (the link works once):
letter-requester-answer-subject = { $reference }: an answer to you
letter-requester-answer-link = Read all of it and answer here (the link works once):
letter-requester-resolved-link = Was that what you needed? Say so, or write again, here (the link works once):
letter-requester-later-subject = { $reference }: it takes us a little longer
letter-requester-later = We promised you an answer, and it takes us longer than we said. We are sorry. We’ll answer { $moment }.
letter-requester-links-subject = Your requests at { $site }
letter-requester-links = You asked to see everything you have asked { $site }.
letter-requester-links-link = Here it is (the link works once, within seven days):
letter-requester-links-not-you = If it wasn’t you who asked, just ignore this letter: nobody sees the list without it.
letter-requester-not-you = If you asked for nothing, just ignore this letter.

## E-mail that came in

inbox-attached = Attached to the e-mail, not kept here: { $name }, { $size } KB
inbox-unnamed = unnamed
inbox-shortened = [It went on; the rest is in the e-mail]

file-line = File: { $name }, { $size }
file-kilobytes = { $size } KB
file-megabytes = { $size } MB

## What `porchlight doctor` sends

doctor-name = Porchlight (a test)
doctor-request = This is a test: `porchlight doctor` looks whether everything works. There is nothing to do, it removes this by itself.
doctor-letter-subject = Test: mail goes out
doctor-letter = This is a test: `porchlight doctor` looks whether mail goes out, and it does. There is nothing to do.
doctor-echo = This is a test: mail comes back.
