### Български. Същите имена и същите места за попълване като в en.ftl: следи за това тест.

## The launcher

launcher-label = Помощ
launcher-open-request = Имате отворено запитване

## The panel: frame

panel-close = Затвори
panel-back = Назад
panel-retry = Опитай отново
panel-loading = Секунда…
panel-send-message = Изпрати съобщение
panel-optional = (по желание)
panel-open-until = Отворено до { $time }
panel-open-always = Винаги на линия
panel-closed = Затворено
panel-opens = отваряме { $moment }
panel-zone-here = при нас { $site }, при вас { $yours }

## The panel: how to reach us, and when we answer

panel-reach-heading = Как да се свържете с нас и кога отговаряме
panel-channel-until = до { $time }
panel-channel-from = от { $moment }
panel-channel-always = винаги
panel-channel-open = отворено
panel-channel-closed = затворено
panel-replies = ще отговорим { $text }
panel-action-callback = Обадете ми се
panel-action-message = Пишете ни
panel-action-message-closed = Оставете съобщение

## The panel: self-help

panel-self-help-heading = Намерете отговора сами
panel-search = Търсене на отговор
panel-search-none = Няма нищо за „{ $query }“. Пишете ни и ще помогнем.
panel-for-this-page = за тази страница
panel-helped = Помогна ли ви това?
panel-helped-yes = Да
panel-helped-no = Не
panel-helped-thanks = Благодарим, това ще ни помогне.

## The panel: callback

panel-callback-title = Обадете ми се
panel-callback-when = Кога
panel-callback-no-slots = Няма свободен час в близките дни. Оставете ни съобщение.
panel-callback-choose = Изберете час
panel-callback-submit = Чакам обаждане { $moment }
panel-today = Днес
panel-slot-taken = заето

## The panel: message

panel-message-title = Пишете ни
panel-message-closed-hint = В момента ни няма. Ще отговорим { $moment }
panel-message-hint = Ще отговорим { $moment }
panel-message-submit = Изпрати

## The panel: fields

panel-field-phone = Телефон
panel-field-name = Как да се обръщаме към вас
panel-field-email = Имейл
panel-field-text-callback = За какво да поговорим
panel-field-text-message = Вашият въпрос
panel-field-contact-hint = Оставете имейл или телефон
panel-field-reply-by = Как да ви отговорим?
panel-reply-by-phone = По телефона
panel-reply-by-email = По имейл

## The panel: your request

panel-status-title = Вашето запитване
panel-status-received = Получихме го
panel-status-accepted = Приехме го
panel-status-in-progress = Подготвяме отговор
panel-status-resolved = Решено
panel-status-cancelled = Отменено
panel-status-due = ще отговорим { $moment }
panel-status-call = Вашето обаждане { $moment }
panel-status-message = Вашето съобщение
panel-calendar = Добавете обаждането в календара
panel-write-more = Добавете нещо
panel-write-again = Имате още въпроси? Пишете отново
panel-write-submit = Изпратете съобщението
panel-file = Добавете снимка или файл
panel-file-sending = Файлът се изпраща…
panel-file-sent = Файлът е изпратен
panel-rate = Помогна ли ви отговорът?
panel-rate-again = Вашата оценка на отговора
panel-rate-comment = Защо?
panel-rate-submit = Изпращане на оценката
panel-rate-thanks = Благодарим: ще я прочетат
panel-stars-1 = Никак
panel-stars-2 = Почти не
panel-stars-3 = Отчасти
panel-stars-4 = До голяма степен
panel-stars-5 = Напълно
panel-change-slot = Промени часа
panel-cancel = Отмени запитването
panel-cancel-confirm = Да отменим ли това запитване?
panel-cancel-yes = Да, отменете го
panel-cancel-no = Не, нека остане
panel-saved = Запазихме го
panel-you = Вие
panel-business = Ние

## Панелът: всички запитвания

panel-links = Всички мои запитвания
panel-links-title = Всички ваши запитвания
panel-links-hint = Посочете имейла, който сте оставили в тях: ще изпратим връзка към списъка
panel-links-submit = Изпратете ми връзката
panel-links-sent = Ако познаваме този адрес, писмото вече пътува

## The panel: when something is wrong

panel-error-network = Няма връзка. Всичко, което написахте, е тук.
panel-error-server = Нещо при нас се счупи. Всичко, което написахте, е тук: опитайте отново.
panel-error-busy = { $count ->
    [one] Твърде много опити един след друг. Опитайте след { $count } минута.
   *[other] Твърде много опити един след друг. Опитайте след { $count } минути.
}
panel-error-fields = Проверете отбелязаните полета
panel-error-gone = Това запитване вече го няма
panel-error-required = Попълнете това поле
panel-hosted-link = Отворете страницата за помощ

## Channels, where the owner gave no label

channel-phone = Обадете се
channel-email = Имейл
channel-whatsapp = WhatsApp
channel-telegram = Telegram
channel-viber = Viber
channel-messenger = Messenger
channel-sms = SMS
channel-social = Социални мрежи

## Statuses

status-received = Получихме го
status-accepted = Приехме го
status-in-progress = Подготвяме отговор
status-resolved = Решено
status-cancelled = Отменено

## Moments

moment-at = { $day } в { $time }
moment-by = { $day } до { $time }
moment-between = { $day } между { $time } и { $end }
day-today = днес
day-tomorrow = утре
day-date = на { $day } { $month }
day-date-year = на { $day } { $month } { $year } г.
day-full = { $weekday }, { $date }
on-monday = в понеделник
on-tuesday = във вторник
on-wednesday = в сряда
on-thursday = в четвъртък
on-friday = в петък
on-saturday = в събота
on-sunday = в неделя
month-1 = януари
month-2 = февруари
month-3 = март
month-4 = април
month-5 = май
month-6 = юни
month-7 = юли
month-8 = август
month-9 = септември
month-10 = октомври
month-11 = ноември
month-12 = декември
reply-right-away = веднага

## Problems with a field

problem-required = Попълнете това поле
problem-required-phone = Напишете телефон, за да можем да ви се обадим
problem-required-email = Напишете имейл, за да можем да отговорим
problem-required-slot = Изберете час за обаждането
problem-required-text = Напишете за какво става дума
problem-contact-required = Оставете имейл или телефон, за да можем да отговорим
problem-wrong-type = Тук трябва стойност от друг вид: вижте описанието на интерфейса
problem-unknown-field = Няма такова поле: махнете го
problem-unknown-value = Изберете една от предложените стойности
problem-no-such-form = Тук няма такава форма: изберете друг начин за връзка
problem-too-long = { $count ->
    [one] Твърде дълго: нека е най-много { $count } знак
   *[other] Твърде дълго: нека е най-много { $count } знака
}
problem-too-many = { $count ->
    [one] Твърде много: нека са най-много { $count }
   *[other] Твърде много: нека са най-много { $count }
}
problem-control-character = Тук има невидим знак: напишете го отново, моля
problem-phone-too-short = { $count ->
    [1] Изглежда липсва цифра: трябва поне още една
    [2] Изглежда липсват цифри: трябват поне още две
    [3] Изглежда липсват цифри: трябват поне още три
    [4] Изглежда липсват цифри: трябват поне още четири
    [5] Изглежда липсват цифри: трябват поне още пет
   *[other] Изглежда липсват цифри: трябват поне още { $count }
}
problem-phone-invalid = Няма такъв номер: проверете цифрите
problem-email-invalid = Не прилича на имейл: трябва да е като name@example.com
problem-page-invalid = Адресът на страницата трябва да започва с https:// или http://
problem-slot-invalid = Не успяхме да прочетем часа: изберете го от списъка
problem-slot-past = Този час е минал или е твърде скоро: изберете по-късен
problem-slot-too-far = Не планираме толкова напред: изберете по-ранен час
problem-slot-none = Тогава не се обаждаме: изберете един от предложените часове
problem-slot-taken = Току-що заеха този час: изберете друг
problem-consent-required = Отбележете, че сте съгласни: без това не можем да приемем запитването
problem-form-expired = Формулярът стоя отворен твърде дълго: изпратете го отново
problem-form-used = Този формуляр вече е изпратен: ако това е друго запитване, изпратете го отново
problem-proof-required = Решете приложената задача и изпратете решението ѝ заедно със запитването
problem-password-too-short = Паролата трябва да е поне 12 знака: няколко думи една след друга вършат работа
problem-password-obvious = Тази парола лесно се отгатва: не използвайте име, адрес или сайт
problem-wrong = Това не е вярно: проверете го и опитайте отново
problem-email-taken = С този адрес вече влиза друг служител: изберете друг
problem-unknown-variable = Във фигурни скоби се попълват само name, reference, promise и agent
problem-required-file = Изберете файл, който не е празен
problem-file-type = Приемаме снимки и изображения (JPEG, PNG, WebP, GIF, HEIC), PDF и обикновен текст: изпратете го така, моля
problem-file-mismatch = Този файл не е това, за което се представя: изпратете оригинала, моля

## Answers to requests that fail as a whole

error-not-found = На този адрес няма нищо
error-unknown-site = Тук няма такъв сайт: проверете името му в адреса
error-unknown-request = Това запитване вече го няма
error-method-not-allowed = Този адрес не прави това: вижте описанието на интерфейса
error-not-json = Това не е JSON
error-too-deep = Този JSON е вложен твърде дълбоко
error-bad-unicode = В този JSON има половин знак (единичен сурогат)
error-given-twice = В този JSON едно поле е дадено два пъти
error-bad-body = Тялото на заявката прекъсна или частите му не се връзват
error-bad-host = Заявката трябва да посочва един хост, а това не е така
error-unsupported-media-type = Изпратете application/json, моля
error-too-large = Това е твърде много: изпратете по-малко
error-file-too-large = Файлът е твърде голям: може да се изпратят най-много { $count } MB
error-no-room = В запитването не се побират повече файлове: опишете останалото с думи
error-site-full = В момента не можем да приемем файлове: опишете го с думи или го изпратете по имейл
error-uploads-busy = В момента други изпращат файлове: опитайте отново след малко
error-fields = Проверете отбелязаните полета
error-bad-query = Проверете параметрите в адреса
error-bad-idempotency-key = Idempotency-Key е от 1 до 255 видими знака от ASCII
error-key-reused = Този Idempotency-Key вече е използван с друго съдържание: вземете нов
error-proof-required = Изпратете това отново заедно с решението на приложената задача
error-unauthorized = Достъпът е изтекъл или не е бил валиден: отворете запитването от връзката в имейла
error-forbidden-origin = Страниците на този сайт не могат това: добавете го в `origins`
error-signed-out = Излезли сте: влезте отново. Това, което току-що изпратихте, не е запазено
error-sign-in-refused = Адресът, паролата или кодът са грешни: проверете ги и опитайте отново
error-totp-required = Изпратете и кода от приложението за удостоверяване или един от резервните кодове
error-forbidden = Това може само собственик: помолете го
error-unknown-agent = Тук няма такъв служител
error-unknown-reply = Тук няма такъв готов отговор
error-own-account = Никой не премахва сам себе си: помолете друг собственик
error-foreign-page = Това може да се изпрати само от страницата на самата конзола
error-conflict = Запитването се промени междувременно: заредете го отново
error-final = Това запитване е приключено и вече не се променя
error-not-answered = Още няма отговор, който да оцените
error-changed = Запитването току-що беше променено: ето как изглежда сега
error-too-often = Запитването е променяно твърде често: пишете ни, моля
error-no-slot = Съобщението няма час за обаждане
error-no-contact = Не сте оставили контакт, за да отговорим така
error-rate-limited = { $count ->
    [one] Твърде много опити един след друг: изчакайте { $count } секунда
   *[other] Твърде много опити един след друг: изчакайте { $count } секунди
}
error-timeout = Това отне твърде дълго: опитайте отново
error-unavailable = Сега не успяхме да го запазим. Нищо не е изпратено: опитайте след минута

## Hosted page

page-title = { $site }: помощ
page-saved-title = Благодарим, получихме го
page-saved-keep = Запишете номера: по него бързо намираме запитването
page-slot-label = Час за обаждането
page-back-to-site = Назад към „{ $site }“
page-changed = Променихме го: ето как е сега
page-cancelled = Запитването е отменено
page-sent = Изпратено: ето как стоят нещата сега
page-file-submit = Изпратете файла
page-rated = Благодарим: ще я прочетат
page-conversation = Разговор

## Mailed link

link-title = Вашето запитване в „{ $site }“
link-open = Покажи моето запитване
link-explain = Връзката от имейла работи веднъж. Натиснете бутона, за да отворите запитването в този браузър.
link-used = Тази връзка вече е използвана. Ако сте били вие, запитването е отворено в браузъра, в който сте я натиснали.
link-expired = Връзката е изтекла или не е копирана цялата. Проверете я или ни пишете с номера на запитването.

## Списъкът с всички запитвания, по връзка от писмо

list-ask-title = Всички ваши запитвания в „{ $site }“
list-title = Вашите запитвания в „{ $site }“
list-explain = Връзката от писмото действа веднъж. Натиснете бутона, за да отворите запитванията в този браузър.
list-open = Покажи моите запитвания
list-used = Тази връзка вече е използвана. Ако сте били вие, списъкът е отворен в браузъра, в който сте го отворили.
list-expired = Връзката е изтекла или не е цяла. Проверете дали сте копирали всичко, или поискайте нова.
list-none = Тук вече няма ваши запитвания.
list-show = Отвори
list-older = По-стари
list-gone = Това запитване вече не е тук.
list-received = оставено { $moment }
list-callback = Обратно обаждане
list-message = Съобщение

## The business's page of a request

desk-request = Запитване до { $site }
desk-explain = Връзката от писмото работи веднъж. Натиснете бутона, за да отворите запитването в този браузър.
desk-open = Покажи запитването
desk-used = Тази връзка вече е отворена в друг браузър. Всяко писмо за запитването носи своя връзка.
desk-expired = Връзката е изтекла или не е цяла. Проверете дали сте я копирали цялата.
desk-title = { $reference }, { $site }
desk-promise = обещан отговор { $moment }
desk-call = чакат обаждане { $moment }
desk-overdue = закъснява: { $promised }
desk-accept = Поемам го
desk-reached = Обадих се, готово е
desk-no-answer = Обадих се, никой не отговори
desk-resolve = Отговорено е
desk-saved = Запазено: това вижда сега посетителят
desk-answer = Отговор
desk-answer-by-mail = изпраща се на посетителя по имейл и стои на неговата страница
desk-answer-on-page = няма оставен имейл: посетителят ще го види там, където е писал
desk-answer-send = Изпращане, ще има още
desk-answer-send-resolve = Изпращане и приключване
desk-facts = Кой пита

## Letters to the business

letter-business-callback-subject = { $reference }: обаждане { $moment }
letter-business-message-subject = { $reference }: ново съобщение
letter-business-changed-subject = { $reference }: посетителят промени запитването
letter-business-moved-subject = { $reference }: посетителят промени запитването, обаждане { $moment }
letter-business-cancelled-subject = { $reference }: посетителят отмени запитването
letter-business-callback-intro = Чакат обаждането ви { $moment }.
letter-business-message-intro = Някой ви писа.
letter-business-link = Поемете или затворете запитването тук:
letter-business-promise = Обещан е отговор { $moment }.
letter-business-changed-intro = Посетителят промени запитването. Ето как изглежда сега.
letter-business-cancelled-intro = Посетителят отмени запитването: няма какво повече да се прави.
letter-business-no-answer-needed = Обаждането { $moment } вече не е нужно.
letter-business-entry-subject = { $reference }: посетителят писа отново
letter-business-entry-intro = Посетителят написа:
letter-business-rated-subject = { $reference }: отговорът ви беше оценен
letter-business-rated-intro = Посетителят оцени отговора ви с { $stars } от 5.
letter-business-rated-comment = И написа:
letter-business-due-subject = { $reference }: скоро трябва да отговорите
letter-business-due-intro = Обещахте отговор { $moment }, а още никой не е отговорил.
letter-business-overdue-subject = { $reference }: обещаното време изтече
letter-business-overdue-intro = Обещахте отговор { $moment }. Никой не е отговорил и посетителят чака.
letter-label-name = Име
letter-label-phone = Телефон
letter-label-email = Имейл
letter-label-reply-by = Как да отговорим
letter-label-language = Език
letter-label-page = Страница
letter-label-reference = Номер
letter-label-received = Получено
letter-label-team = Екип
letter-label-topic = Тема
letter-label-tags = Етикети
letter-label-priority = Важност
letter-label-consent = Дадено съгласие
letter-reply-by-phone = по телефона
letter-reply-by-email = по имейл
letter-priority-low = ниска
letter-priority-high = висока
letter-text-heading = Какво написаха:
letter-language-en = английски
letter-language-ru = руски
letter-language-bg = български

## Letters to the requester

calendar-summary = Обаждане от { $site }
calendar-description = Ще ви се обадим на { $phone }. Номер на запитването: { $reference }
letter-requester-callback-subject = { $reference }: ще се обадим { $moment }
letter-requester-message-subject = { $reference }: получихме съобщението ви
letter-greeting = Здравейте!
letter-greeting-name = Здравейте, { $name }!
letter-requester-callback = Ще ви се обадим { $moment } на { $phone }.
letter-requester-message = Получихме съобщението ви.
letter-requester-promise = Ще отговорим { $moment }.
letter-requester-promise-right-away = Ще отговорим веднага.
letter-requester-zone = Часовете в писмото са за часова зона { $zone }.
letter-requester-reference = Номер на запитването: { $reference }
letter-requester-link = Вижте как вървят нещата, променете или отменете (връзката работи веднъж):
letter-requester-missed-subject = { $reference }: не успяхме да се свържем с вас
letter-requester-missed = Обадихме ви се на { $phone }, но никой не отговори.
letter-requester-missed-link = Изберете друг час или ни кажете, че обаждането не е нужно (връзката работи веднъж):
letter-requester-answer-subject = { $reference }: отговориха ви
letter-requester-answer-link = Прочетете всичко и отговорете тук (връзката работи веднъж):
letter-requester-resolved-link = Помогна ли ви отговорът? Оценете го или пишете отново тук (връзката работи веднъж):
letter-requester-later-subject = { $reference }: нужно ни е още малко време
letter-requester-later = Обещахме ви отговор и не успяваме навреме. Извинете ни. Ще отговорим { $moment }.
letter-requester-links-subject = Вашите запитвания в „{ $site }“
letter-requester-links = Поискахте да видите всичките си запитвания в „{ $site }“.
letter-requester-links-link = Ето ги (връзката действа веднъж, в рамките на седем дни):
letter-requester-links-not-you = Ако не сте го поискали, просто не обръщайте внимание: без това писмо никой не вижда списъка.
letter-requester-not-you = Ако не сте искали нищо, просто не обръщайте внимание на това писмо.

## E-mail that came in

inbox-attached = Прикачено към писмото, тук не се пази: { $name }, { $size } KB
inbox-unnamed = без име
inbox-shortened = [Имаше още; останалото е в писмото]

file-line = Файл: { $name }, { $size }
file-kilobytes = { $size } KB
file-megabytes = { $size } MB

## Какво изпраща `porchlight doctor`

doctor-name = Porchlight (проверка)
doctor-request = Това е проверка: `porchlight doctor` гледа дали всичко работи. Не е нужно да правите нищо, тя изтрива това сама.
doctor-letter-subject = Проверка: писмата тръгват
doctor-letter = Това е проверка: `porchlight doctor` гледа дали писмата тръгват, и те тръгват. Не е нужно да правите нищо.
doctor-echo = Това е проверка: писмата се връщат.
