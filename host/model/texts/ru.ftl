### Русский. Те же имена и те же подстановки, что в en.ftl: за этим следит тест.

## The launcher

launcher-label = Помощь
launcher-open-request = У вас есть открытое обращение

## The panel: frame

panel-close = Закрыть
panel-back = Назад
panel-retry = Попробовать ещё раз
panel-loading = Секунду…
panel-send-message = Написать сообщение
panel-optional = (можно пропустить)
panel-open-until = Открыто до { $time }
panel-open-always = Всегда на связи
panel-closed = Закрыто
panel-opens = откроемся { $moment }
panel-zone-here = у нас { $site }, у вас { $yours }

## The panel: how to reach us, and when we answer

panel-reach-heading = Как с нами связаться и когда ответим
panel-channel-until = до { $time }
panel-channel-from = с { $moment }
panel-channel-always = всегда
panel-channel-open = открыто
panel-channel-closed = закрыто
panel-replies = ответим { $text }
panel-action-callback = Перезвоните мне
panel-action-message = Написать
panel-action-message-closed = Оставить сообщение

## The panel: self-help

panel-self-help-heading = Решить самому
panel-search = Найти ответ
panel-search-none = По запросу «{ $query }» ничего не нашлось. Напишите нам, и мы поможем.
panel-for-this-page = к этой странице
panel-helped = Это помогло?
panel-helped-yes = Да
panel-helped-no = Нет
panel-helped-thanks = Спасибо, это нам поможет.

## The panel: callback

panel-callback-title = Перезвоните мне
panel-callback-when = Когда
panel-callback-no-slots = В ближайшие дни свободного времени нет. Напишите нам, и мы ответим.
panel-callback-choose = Выберите время
panel-callback-submit = Жду звонка { $moment }
panel-today = Сегодня
panel-slot-taken = занято

## The panel: message

panel-message-title = Напишите нам
panel-message-closed-hint = Сейчас нас нет. Ответим { $moment }
panel-message-hint = Ответим { $moment }
panel-message-submit = Отправить

## The panel: fields

panel-field-phone = Телефон
panel-field-name = Как к вам обращаться
panel-field-email = Почта
panel-field-text-callback = О чём поговорить
panel-field-text-message = Ваш вопрос
panel-field-contact-hint = Оставьте почту или телефон
panel-field-reply-by = Как вам ответить?
panel-reply-by-phone = По телефону
panel-reply-by-email = По почте

## The panel: your request

panel-status-title = Ваше обращение
panel-status-received = Получили
panel-status-accepted = Приняли
panel-status-in-progress = Готовим ответ
panel-status-resolved = Решено
panel-status-cancelled = Отменено
panel-status-due = ответим { $moment }
panel-status-call = Ваш звонок { $moment }
panel-status-message = Ваше сообщение
panel-calendar = Добавить звонок в календарь
panel-write-more = Добавить что-нибудь
panel-write-again = Остался вопрос? Напишите ещё
panel-write-submit = Отправить сообщение
panel-file = Добавить фото или файл
panel-file-sending = Файл отправляется…
panel-file-sent = Файл отправлен
panel-rate = Ответ помог?
panel-rate-again = Ваша оценка ответа
panel-rate-comment = Почему?
panel-rate-submit = Отправить оценку
panel-rate-thanks = Спасибо: вашу оценку прочитают
panel-stars-1 = Совсем нет
panel-stars-2 = Почти нет
panel-stars-3 = Отчасти
panel-stars-4 = В основном
panel-stars-5 = Полностью
panel-change-slot = Изменить время
panel-cancel = Отменить обращение
panel-cancel-confirm = Отменить это обращение?
panel-cancel-yes = Да, отменить
panel-cancel-no = Нет, оставить
panel-saved = Сохранили
panel-you = Вы
panel-business = Мы

## Панель: все обращения

panel-links = Все мои обращения
panel-links-title = Все ваши обращения
panel-links-hint = Укажите адрес почты, который вы в них оставляли: пришлём ссылку на список
panel-links-submit = Прислать ссылку
panel-links-sent = Если этот адрес нам знаком, письмо уже в пути

## The panel: when something is wrong

panel-error-network = Нет связи. Всё, что вы написали, на месте.
panel-error-server = У нас что-то сломалось. Всё, что вы написали, на месте: попробуйте ещё раз.
panel-error-busy = { $count ->
    [one] Слишком много попыток подряд. Попробуйте через { $count } минуту.
    [few] Слишком много попыток подряд. Попробуйте через { $count } минуты.
   *[other] Слишком много попыток подряд. Попробуйте через { $count } минут.
}
panel-error-fields = Проверьте отмеченные поля
panel-error-gone = Этого обращения больше нет
panel-error-required = Заполните это поле
panel-hosted-link = Открыть страницу поддержки

## Channels, where the owner gave no label

channel-phone = Позвонить
channel-email = Почта
channel-whatsapp = WhatsApp
channel-telegram = Telegram
channel-viber = Viber
channel-messenger = Messenger
channel-sms = СМС
channel-social = Соцсети

## Statuses

status-received = Получили
status-accepted = Приняли
status-in-progress = Готовим ответ
status-resolved = Решено
status-cancelled = Отменено

## Moments

moment-at = { $day } в { $time }
moment-by = { $day } до { $time }
moment-between = { $day } с { $time } до { $end }
day-today = сегодня
day-tomorrow = завтра
day-date = { $day } { $month }
day-date-year = { $day } { $month } { $year } года
day-full = { $weekday }, { $date }
on-monday = в понедельник
on-tuesday = во вторник
on-wednesday = в среду
on-thursday = в четверг
on-friday = в пятницу
on-saturday = в субботу
on-sunday = в воскресенье
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря
reply-right-away = сразу

## Problems with a field

problem-required = Заполните это поле
problem-required-phone = Напишите телефон, чтобы мы могли позвонить
problem-required-email = Напишите почту, чтобы мы могли ответить
problem-required-slot = Выберите время звонка
problem-required-text = Напишите, что случилось
problem-contact-required = Оставьте почту или телефон, чтобы мы могли ответить
problem-wrong-type = Здесь нужно значение другого вида: загляните в описание интерфейса
problem-unknown-field = Такого поля нет: уберите его
problem-unknown-value = Выберите одно из предложенных значений
problem-no-such-form = Здесь нет такой формы: выберите другой способ связи
problem-too-long = { $count ->
    [one] Слишком длинно: оставьте не больше { $count } знака
   *[other] Слишком длинно: оставьте не больше { $count } знаков
}
problem-too-many = { $count ->
    [one] Слишком много: оставьте не больше { $count }
   *[other] Слишком много: оставьте не больше { $count }
}
problem-control-character = Сюда попал невидимый знак: наберите, пожалуйста, заново
problem-phone-too-short = { $count ->
    [1] Похоже, не хватает цифры: нужна ещё хотя бы одна
    [2] Похоже, не хватает цифр: нужно ещё хотя бы две
    [3] Похоже, не хватает цифр: нужно ещё хотя бы три
    [4] Похоже, не хватает цифр: нужно ещё хотя бы четыре
    [5] Похоже, не хватает цифр: нужно ещё хотя бы пять
    [one] Похоже, не хватает цифр: нужна ещё хотя бы { $count }
   *[other] Похоже, не хватает цифр: нужно ещё хотя бы { $count }
}
problem-phone-invalid = Такого номера не бывает: проверьте цифры
problem-email-invalid = Не похоже на адрес почты: нужно что-то вроде name@example.com
problem-page-invalid = Адрес страницы должен начинаться с https:// или http://
problem-slot-invalid = Не получилось прочитать время: выберите его из списка
problem-slot-past = Это время уже прошло или слишком близко: выберите попозже
problem-slot-too-far = Так далеко мы не планируем: выберите время пораньше
problem-slot-none = В это время мы не звоним: выберите одно из предложенных
problem-slot-taken = Это время только что заняли: выберите другое
problem-consent-required = Отметьте, что согласны: без этого мы не сможем принять обращение
problem-form-expired = Форма слишком долго стояла открытой: отправьте её ещё раз
problem-form-used = Эту форму уже отправляли: если это ещё одно обращение, отправьте её снова
problem-proof-required = Решите приложенную задачу и пришлите вместе с обращением её решение
problem-password-too-short = В пароле должно быть не меньше 12 знаков: подойдут несколько слов подряд
problem-password-obvious = Такой пароль легко угадать: не берите для него имя, адрес или название сайта
problem-wrong = Не подходит: проверьте и попробуйте ещё раз
problem-email-taken = С этим адресом уже входит другой сотрудник: укажите другой
problem-unknown-variable = В фигурных скобках можно писать только name, reference, promise и agent
problem-required-file = Выберите файл, который не пуст
problem-file-type = Мы принимаем фото и картинки (JPEG, PNG, WebP, GIF, HEIC), PDF и простой текст: пришлите, пожалуйста, так
problem-file-mismatch = Этот файл — не то, за что себя выдаёт: пришлите, пожалуйста, исходный

## Answers to requests that fail as a whole

error-not-found = По этому адресу ничего нет
error-unknown-site = Такого сайта здесь нет: проверьте его имя в адресе
error-unknown-request = Этого обращения больше нет
error-method-not-allowed = Этот адрес так не умеет: загляните в описание интерфейса
error-not-json = Это не JSON
error-too-deep = Этот JSON вложен слишком глубоко
error-bad-unicode = В этом JSON есть половина знака (одиночный суррогат)
error-given-twice = В этом JSON одно поле дано дважды
error-bad-body = Тело запроса оборвалось, или его части не сходятся
error-bad-host = В запросе должен быть назван один хост, а это не так
error-unsupported-media-type = Пришлите, пожалуйста, application/json
error-too-large = Это слишком много: пришлите поменьше
error-file-too-large = Файл слишком велик: прислать можно не больше { $count } МБ
error-no-room = Больше файлов в обращение не помещается: опишите остальное словами
error-site-full = Сейчас файлы принять нельзя: опишите словами или пришлите файл по почте
error-uploads-busy = Сейчас файлы присылают другие: попробуйте ещё раз через минуту
error-fields = Проверьте отмеченные поля
error-bad-query = Проверьте параметры в адресе
error-bad-idempotency-key = Idempotency-Key — это от 1 до 255 видимых знаков ASCII
error-key-reused = Этот Idempotency-Key уже был с другим содержимым: возьмите новый
error-proof-required = Отправьте это ещё раз вместе с решением приложенной задачи
error-unauthorized = Доступ закончился или его не было: откройте обращение по ссылке из письма
error-forbidden-origin = Страницам этого сайта так нельзя: добавьте его в `origins`
error-signed-out = Вы вышли из системы: войдите снова. То, что вы сейчас отправили, не сохранено
error-sign-in-refused = Неверный адрес, пароль или код: проверьте их и попробуйте ещё раз
error-totp-required = Пришлите ещё и код из приложения-аутентификатора или один из резервных кодов
error-forbidden = Это может только владелец: попросите его
error-unknown-agent = Такого сотрудника здесь нет
error-unknown-reply = Такой заготовки здесь нет
error-own-account = Удалить самого себя нельзя: попросите другого владельца
error-foreign-page = Это можно отправить только со страницы самой консоли
error-conflict = Обращение за это время изменилось: загрузите его заново
error-final = Это обращение закрыто и уже не меняется
error-not-answered = Ответа ещё нет, и оценивать пока нечего
error-changed = Обращение только что изменили: вот как оно выглядит теперь
error-too-often = Обращение меняли слишком часто: напишите нам, пожалуйста
error-no-slot = У сообщения нет времени звонка
error-no-contact = Вы не оставили контакта, чтобы ответить так
error-rate-limited = { $count ->
    [one] Слишком много попыток подряд: подождите { $count } секунду
    [few] Слишком много попыток подряд: подождите { $count } секунды
   *[other] Слишком много попыток подряд: подождите { $count } секунд
}
error-timeout = Это заняло слишком много времени: попробуйте ещё раз
error-unavailable = Сейчас не получилось это сохранить. Ничего не отправлено: попробуйте через минуту

## Hosted page

page-title = { $site }: помощь
page-saved-title = Спасибо, всё получили
page-saved-keep = Запишите номер: по нему мы быстро найдём обращение
page-slot-label = Время звонка
page-back-to-site = Вернуться на сайт «{ $site }»
page-changed = Изменили: вот как теперь
page-cancelled = Обращение отменено
page-sent = Отправлено: вот как обстоят дела теперь
page-file-submit = Отправить файл
page-rated = Спасибо: вашу оценку прочитают
page-conversation = Переписка

## Mailed link

link-title = Ваше обращение в «{ $site }»
link-open = Показать моё обращение
link-explain = Ссылка из письма срабатывает один раз. Нажмите кнопку, чтобы открыть обращение в этом браузере.
link-used = Эта ссылка уже сработала. Если это были вы, обращение открыто в том браузере, где вы её нажали.
link-expired = Ссылка устарела или скопирована не целиком. Проверьте её или напишите нам и назовите номер обращения.

## Список всех обращений по ссылке из письма

list-ask-title = Все ваши обращения в «{ $site }»
list-title = Ваши обращения в «{ $site }»
list-explain = Ссылка из письма срабатывает один раз. Нажмите кнопку, чтобы открыть обращения в этом браузере.
list-open = Показать мои обращения
list-used = По этой ссылке уже заходили. Если это были вы, список по-прежнему открыт в том браузере, где вы его открыли.
list-expired = Ссылка устарела или скопирована не целиком. Проверьте, вся ли она, или запросите новую.
list-none = Здесь больше нет ваших обращений.
list-show = Открыть
list-older = Более ранние
list-gone = Этого обращения здесь больше нет.
list-received = оставлено { $moment }
list-callback = Обратный звонок
list-message = Сообщение

## The business's page of a request

desk-request = Обращение в «{ $site }»
desk-explain = Ссылка из письма срабатывает один раз. Нажмите кнопку, чтобы открыть обращение в этом браузере.
desk-open = Показать обращение
desk-used = Эту ссылку уже открыли в другом браузере. В каждом письме об обращении своя ссылка.
desk-expired = Ссылка устарела или скопирована не целиком. Проверьте, что она скопирована полностью.
desk-title = { $reference }, { $site }
desk-promise = обещан ответ { $moment }
desk-call = ждут звонка { $moment }
desk-overdue = просрочено: { $promised }
desk-accept = Беру в работу
desk-reached = Позвонили, вопрос решён
desk-no-answer = Позвонили, никто не ответил
desk-resolve = Вопрос решён
desk-saved = Сохранено: вот что теперь видит посетитель
desk-answer = Ответ
desk-answer-by-mail = уйдёт посетителю письмом и будет на его странице
desk-answer-on-page = почту не оставили: посетитель увидит ответ там, где писал
desk-answer-send = Отправить, напишу ещё
desk-answer-send-resolve = Отправить и закрыть
desk-facts = Кто обратился

## Letters to the business

letter-business-callback-subject = { $reference }: позвонить { $moment }
letter-business-message-subject = { $reference }: новое сообщение
letter-business-changed-subject = { $reference }: посетитель изменил обращение
letter-business-moved-subject = { $reference }: посетитель изменил обращение, позвонить { $moment }
letter-business-cancelled-subject = { $reference }: посетитель отменил обращение
letter-business-callback-intro = Вашего звонка ждут { $moment }.
letter-business-message-intro = Вам написали.
letter-business-link = Взять в работу или закрыть обращение:
letter-business-promise = Обещан ответ: { $moment }.
letter-business-changed-intro = Посетитель изменил обращение. Вот как оно выглядит теперь.
letter-business-cancelled-intro = Посетитель отменил обращение: делать больше ничего не нужно.
letter-business-no-answer-needed = Звонок { $moment } больше не нужен.
letter-business-entry-subject = { $reference }: посетитель написал ещё
letter-business-entry-intro = Посетитель написал:
letter-business-rated-subject = { $reference }: ваш ответ оценили
letter-business-rated-intro = Посетитель оценил ваш ответ на { $stars } из 5.
letter-business-rated-comment = И написал:
letter-business-due-subject = { $reference }: скоро пора ответить
letter-business-due-intro = Вы обещали ответить { $moment }, а ответа пока нет.
letter-business-overdue-subject = { $reference }: обещанное время прошло
letter-business-overdue-intro = Вы обещали ответить { $moment }. Ответа нет, посетитель ждёт.
letter-label-name = Имя
letter-label-phone = Телефон
letter-label-email = Почта
letter-label-reply-by = Как ответить
letter-label-language = Язык
letter-label-page = Страница
letter-label-reference = Номер
letter-label-received = Получено
letter-label-team = Команда
letter-label-topic = Тема
letter-label-tags = Метки
letter-label-priority = Важность
letter-label-consent = Дано согласие
letter-reply-by-phone = по телефону
letter-reply-by-email = по почте
letter-priority-low = низкая
letter-priority-high = высокая
letter-text-heading = Что написали:
letter-language-en = английский
letter-language-ru = русский
letter-language-bg = болгарский

## Letters to the requester

calendar-summary = Звонок: { $site }
calendar-description = Позвоним вам по номеру { $phone }. Номер обращения: { $reference }
letter-requester-callback-subject = { $reference }: позвоним { $moment }
letter-requester-message-subject = { $reference }: получили ваше сообщение
letter-greeting = Здравствуйте!
letter-greeting-name = Здравствуйте, { $name }!
letter-requester-callback = Позвоним вам { $moment } по номеру { $phone }.
letter-requester-message = Мы получили ваше сообщение.
letter-requester-promise = Ответим { $moment }.
letter-requester-promise-right-away = Ответим сразу.
letter-requester-zone = Время в письме указано для часового пояса { $zone }.
letter-requester-reference = Номер обращения: { $reference }
letter-requester-link = Посмотреть, как идут дела, изменить или отменить (ссылка сработает один раз):
letter-requester-missed-subject = { $reference }: не дозвонились до вас
letter-requester-missed = Мы звонили вам по номеру { $phone }, но никто не ответил.
letter-requester-missed-link = Выбрать другое время или отменить звонок (ссылка сработает один раз):
letter-requester-answer-subject = { $reference }: вам ответили
letter-requester-answer-link = Прочитать всё и ответить можно здесь (ссылка сработает один раз):
letter-requester-resolved-link = Помог ли вам ответ? Оценить его или написать ещё можно здесь (ссылка сработает один раз):
letter-requester-later-subject = { $reference }: нам нужно ещё немного времени
letter-requester-later = Мы обещали вам ответить и не успеваем в срок. Извините. Ответим { $moment }.
letter-requester-links-subject = Ваши обращения в «{ $site }»
letter-requester-links = Вы попросили показать все ваши обращения в «{ $site }».
letter-requester-links-link = Они здесь (ссылка сработает один раз, в течение семи дней):
letter-requester-links-not-you = Если вы об этом не просили, просто не обращайте внимания: без этого письма список никто не увидит.
letter-requester-not-you = Если вы ни о чём не просили, просто не обращайте внимания на это письмо.

## E-mail that came in

inbox-attached = Приложено к письму, здесь не хранится: { $name }, { $size } КБ
inbox-unnamed = без имени
inbox-shortened = [Дальше было ещё; остальное — в письме]

file-line = Файл: { $name }, { $size }
file-kilobytes = { $size } КБ
file-megabytes = { $size } МБ

## Что посылает `porchlight doctor`

doctor-name = Porchlight (проверка)
doctor-request = Это проверка: `porchlight doctor` смотрит, всё ли работает. Делать ничего не нужно, она удалит это сама.
doctor-letter-subject = Проверка: письма уходят
doctor-letter = Это проверка: `porchlight doctor` смотрит, уходят ли письма, — и они уходят. Делать ничего не нужно.
doctor-echo = Это проверка: письма приходят обратно.
