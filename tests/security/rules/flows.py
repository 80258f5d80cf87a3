"""Examples of flows.yaml: what each rule finds (ruleid) and what it lets pass (ok). Nothing here ever runs."""


def followed(request, user):
    goal = request.GET.get("next", "")
    # ruleid: sent-address-is-followed, what-was-said-stays-in-the-browser
    return HttpResponseRedirect(goal or "/")


def followed_by_another(request, user):
    goal = request.POST.get("next") or request.GET.get("next", "")
    # ruleid: sent-address-is-followed
    return let_in(request, user, goal)


def followed_back(request):
    answer = HttpResponse(status=204)
    # ruleid: sent-address-is-followed
    answer.headers["HX-Redirect"] = request.headers.get("Referer", "")
    return answer


def followed_within(request):
    goal = own_path(request, request.GET.get("next", ""))
    # ok: sent-address-is-followed
    return HttpResponseRedirect(goal or "/")


def named_file(request, folder):
    name = request.FILES["file"].name.lower()
    # ruleid: sent-text-names-a-file-or-a-program
    path = folder / name
    # ruleid: sent-text-names-a-file-or-a-program, what-was-said-is-told-elsewhere
    open(f"/tmp/{name}")
    # ruleid: sent-text-names-a-file-or-a-program
    subprocess.run(["ffmpeg", "-i", name])
    # ruleid: sent-text-names-a-file-or-a-program, what-was-said-is-told-elsewhere
    Path(request.POST["where"])
    number = whole_number(request.POST["number"])
    # ok: sent-text-names-a-file-or-a-program
    path = folder / f"{number}.pdf"
    # ok: sent-text-names-a-file-or-a-program
    path = folder / FORMATS[request.POST["format"] == "SOAP"]
    return path


def answered(request):
    words = request.GET.get("words", "").strip()
    # ruleid: sent-text-is-answered-as-a-page
    download("found.html", words, kind="text/html")
    # ruleid: sent-text-is-answered-as-a-page
    return HttpResponse(f"<p>Nothing found for {words}.</p>")


def answered_by_a_template(request):
    words = request.GET.get("words", "").strip()
    # ok: sent-text-is-answered-as-a-page
    return page(request, "people/clients.html", words=words)


def columns(request, client):
    given = request.POST.dict()
    # ruleid: sent-names-choose-columns
    Client.objects.filter(pk=client.pk).update(**given)
    # ruleid: sent-names-choose-columns
    Client(**given)
    # ruleid: sent-names-choose-columns
    Client.objects.order_by(request.GET["by"])
    for name in request.POST:
        # ruleid: sent-names-choose-columns
        setattr(client, name, given[name])
    form = ClientForm(request.POST)
    # ok: sent-names-choose-columns
    actions.add_client(request.actor, **form.cleaned_data)
    # ok: sent-names-choose-columns
    Client.objects.filter(name=given["name"])


def told(request, key, sealed, turns, client):
    words = unseal(key, sealed, identity="x").decode()
    # ruleid: what-was-said-is-told-elsewhere
    print(words)
    # ruleid: what-was-said-is-told-elsewhere
    log("draft.failed", what=words)
    first = turns[0].text
    if not first:
        # ok: what-was-said-is-told-elsewhere
        raise NothingToDraft(f"Only {len(turns)} turns were heard.")
    if first.isupper():
        # ruleid: what-was-said-is-told-elsewhere
        raise BadInput(f"“{first}” cannot be read.", then="Correct it.")
    if client.name in first:
        # ruleid: what-was-said-is-told-elsewhere
        raise BadInput("It cannot be read.", then="Look at what {} said.".format(client.name))
    # ruleid: what-was-said-is-told-elsewhere
    open(f"/tmp/{client.name}.pdf")
    # ruleid: what-was-said-is-told-elsewhere
    raise BadInput(f"Nobody is called {request.POST['name']}.")


def told_by_number(session, run, error):
    heard = transcript(session)
    # ok: what-was-said-is-told-elsewhere
    log("draft.made", run=run.pk, turns=len(heard.turns), code=error.code)


def left_behind(request, note, client):
    # ruleid: what-was-said-stays-in-the-browser
    messages.success(request, f"{client.name} is kept.")
    words = request.POST.get("words", "")
    # ruleid: what-was-said-stays-in-the-browser
    request.session["words"] = words
    # ruleid: what-was-said-stays-in-the-browser
    headers = {"Content-Disposition": f'attachment; filename="{client.name}.pdf"'}
    # ok: what-was-said-stays-in-the-browser
    headers = {"Content-Disposition": f'attachment; filename="note-{note.pk}.pdf"'}
    # ruleid: what-was-said-stays-in-the-browser
    download(f"{client.name}.pdf", b"")
    # ok: what-was-said-stays-in-the-browser
    download(f"note-{note.pk}.pdf", b"")
    # ok: what-was-said-stays-in-the-browser
    messages.success(request, "Kept.")
    # ruleid: what-was-said-stays-in-the-browser
    return see("people:clients", query=f"words={words}")


def written(request, path):
    # ruleid: sound-is-written-down
    path.write_bytes(request.body)
    second = live_audio.take(1, strikes=0)
    with path.open("wb") as file:
        # ruleid: sound-is-written-down
        file.write(bytes(second))


def written_in_a_row(session, pcm, answer):
    # ruleid: sound-is-written-down
    session.heard = pcm
    # ruleid: sound-is-written-down
    HeardPiece.objects.create(session=session, sealed=bytes(pcm))
    # ok: sound-is-written-down
    session.length_s = len(pcm) / BYTES_PER_S
    # ok: sound-is-written-down
    self.waiting = pcm
    # ok: sound-is-written-down
    recogniser.hear(pcm)


def passed_on(path, form):
    try:
        read(path)
    except ValueError as error:
        # ruleid: a-librarys-words-are-passed-on
        raise BadInput(f"It cannot be read: {error}") from error
    try:
        read(path)
    except OSError as error:
        # ruleid: a-librarys-words-are-passed-on
        form.add_error(None, str(error))
        # ruleid: a-librarys-words-are-passed-on
        download("why.txt", str(error), kind="text/plain")
    try:
        read(path)
    except UnicodeDecodeError as error:
        # ok: a-librarys-words-are-passed-on
        raise BadInput("It is not text.", then="Save it as UTF-8.") from error
    try:
        read(path)
    except HoldspaceError as error:
        # ok: a-librarys-words-are-passed-on
        form.add_error(None, str(error))
