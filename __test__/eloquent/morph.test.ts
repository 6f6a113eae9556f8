/** Relations to models of several classes. */
import { expect, test } from 'vitest'
import { EloquentCollection, InvalidArgumentException, Model, MorphTo } from '../../js'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import { sent } from './sent'

async function prepare(db: TestDatabase) {
  const schema = db.connection().schema()
  for (const table of ['taggables', 'tags', 'notes', 'articles', 'videos', 'people']) await schema.dropIfExists(table)
  await schema.create('people', (table) => {
    table.id()
    table.string('name')
  })
  for (const name of ['articles', 'videos']) {
    await schema.create(name, (table) => {
      table.id()
      table.string('title')
      table.bigInteger('person_id').nullable()
    })
  }
  await schema.create('notes', (table) => {
    table.id()
    table.string('text')
    table.string('notable_type').nullable()
    table.bigInteger('notable_id').nullable()
  })
  await schema.create('tags', (table) => {
    table.id()
    table.string('name')
  })
  await schema.create('taggables', (table) => {
    table.bigInteger('tag_id')
    table.bigInteger('taggable_id')
    table.string('taggable_type')
  })
  class Base extends Model {
    static timestamps = false
    static guarded = []
  }
  class Person extends Base {}
  class Note extends Base {
    notable() {
      return this.morphTo()
    }
    named() {
      return this.morphTo('notable')
    }
  }
  class Article extends Base {
    notes() {
      return this.morphMany(Note, 'notable').chaperone()
    }
    firstNote() {
      return this.morphOne(Note, 'notable')
    }
    person() {
      return this.belongsTo(Person)
    }
    tags() {
      return this.morphToMany(Tag, 'taggable')
    }
  }
  class Video extends Base {
    notes() {
      return this.morphMany(Note, 'notable')
    }
    tags() {
      return this.morphToMany(Tag, 'taggable')
    }
  }
  class Tag extends Base {
    articles() {
      return this.morphedByMany(Article, 'taggable')
    }
    videos() {
      return this.morphedByMany(Video, 'taggable')
    }
  }
  const person = await Person.create({ name: 'Ada' })
  const article = await Article.create({ title: 'one', person_id: person.id })
  const video = await Video.create({ title: 'film' })
  return { Base, Person, Note, Article, Video, Tag, person, article, video }
}

/** The model that a note is loaded with. */
function notableOf(note: unknown): Model | null {
  return (note as Model).getRelation('notable') as Model | null
}

onEveryDatabase('polymorphic relations', (db) => {
  test('E13, scenario 159: morphMany and morphOne write key and class, and read only theirs', async () => {
    const { Note, article, video } = await prepare(db)
    const note = await article.notes().create({ text: 'a' })
    expect([note.notable_type, Number(note.notable_id)]).toEqual(['Article', article.id])
    await video.notes().saveMany([new Note({ text: 'b' }), new Note({ text: 'c' })])
    expect((await article.notes()).pluck('text').all()).toEqual(['a'])
    expect(await video.notes().count()).toBe(2)
    expect((await article.firstNote())?.text).toBe('a')
    const loaded: Model = await (article.constructor as typeof Model)
      .query()
      .with('notes', 'firstNote')
      .withCount('notes')
      .firstOrFail()
    expect([Number(loaded.notes_count), (loaded.notes as unknown as Model[])[0]?.text]).toEqual([1, 'a'])
    expect((loaded.notes as unknown as Model[])[0]?.getRelation('notable')).toBe(loaded)
  })

  test('morphOne is one of many, and new models of it have key and class', async () => {
    const { Article, Note, article, video } = await prepare(db)
    await article.notes().createMany([{ text: 'a' }, { text: 'z' }])
    await video.notes().create({ text: 'zz' })
    Article.resolveRelationUsing('last', (one: typeof article) => one.morphOne(Note, 'notable').latestOfMany())
    expect(((await article.relation('last')) as Model).text).toBe('z')
    const [loaded] = (await Article.with('last').get()) as unknown as Model[]
    expect((loaded?.getRelation('last') as Model | undefined)?.text).toBe('z')
    const made = article.firstNote().make({ text: 'new' })
    expect([made.notable_type, made.notable_id]).toEqual(['Article', article.id])
    expect(
      await Article.query()
        .whereHas('last', (query) => query.where('text', 'z'))
        .count(),
    ).toBe(1)
    expect(
      await Article.query()
        .whereHas('last', (query) => query.where('text', 'a'))
        .count(),
    ).toBe(0)
  })

  test('E13, scenarios 160, 161 and 162: morphTo is loaded by its class, lazily and eagerly, one query for each class', async () => {
    const { Note, article, video } = await prepare(db)
    await article.notes().create({ text: 'a' })
    await video.notes().createMany([{ text: 'b' }, { text: 'c' }])
    await Note.create({ text: 'none' })
    const [first] = await Note.orderBy('id').get()
    expect(first?.notable()).toBeInstanceOf(MorphTo)
    expect((await first?.notable())?.title).toBe('one')
    expect((await first?.named())?.title).toBe('one')
    let notes = new EloquentCollection<Model>()
    const queries = await sent(db, async () => {
      notes = (await Note.with('notable', 'named').orderBy('id').get()) as unknown as EloquentCollection<Model>
    })
    expect(queries).toHaveLength(5)
    expect(notes.map((note) => notableOf(note)?.title).all()).toEqual(['one', 'film', 'film', undefined])
    expect(notes.last()?.getRelation('notable')).toBeNull()
    expect(notes[1]?.getRelation('named')).toBeInstanceOf(video.constructor)
    expect(await sent(db, () => Note.where('text', 'none').with('notable').get())).toHaveLength(1)
    expect(await new Note().notable().getResults()).toBeNull()
  })

  test('E13, scenario 163: a morph map says which texts stand for which classes, for a class and those that extend it', async () => {
    const { Base, Note, Article, Video, article } = await prepare(db)
    expect(Article.getMorphClass()).toBe('Article')
    Base.morphMap({ article: Article })
    Base.morphMap({ video: Video })
    expect([Article.getMorphClass(), Base.getMorphedModel('video'), Model.getMorphedModel('video')]).toEqual([
      'article',
      Video,
      undefined,
    ])
    const note = await article.notes().create({ text: 'a' })
    expect(note.notable_type).toBe('article')
    expect((await (await Note.findOrFail(note.id)).notable())?.title).toBe('one')
    Base.setMorphMap({ post: Article })
    expect([Object.keys(Base.morphMap()), Article.getMorphClass()]).toEqual([['post'], 'post'])
    Base.requireMorphMap()
    expect(() => new Video().getMorphClass()).toThrow(InvalidArgumentException)
    await Note.query().update({ notable_type: 'nonsense' })
    await expect(Note.with('notable').get()).rejects.toThrow('"nonsense"')
  })

  test('what is added to a morphTo is for each class; morphWith, constrain and loadMorph choose', async () => {
    const { Note, Article, Video, Person, article, video } = await prepare(db)
    await article.notes().create({ text: 'a' })
    await video.notes().create({ text: 'b' })
    type Query = ReturnType<InstanceType<typeof Note>['notable']>
    const none = await Note.with({ notable: (query: Query) => query.where('title', 'film') })
      .orderBy('id')
      .get()
    expect(none.map((note) => notableOf(note)?.title).all()).toEqual([undefined, 'film'])
    const queries = await sent(db, async () => {
      const notes = await Note.with({
        notable: (query: Query) => query.morphWith([[Article, 'person']]).morphWithCount(new Map([[Video, 'tags']])),
      })
        .orderBy('id')
        .get()
      expect(notableOf(notes[0])?.getRelation('person')).toBeInstanceOf(Person)
      expect(Number(notableOf(notes[1])?.tags_count)).toBe(0)
    })
    expect(queries).toHaveLength(4)
    const constrained = await Note.with({
      notable: (query: Query) => query.constrain([[Article, (one: Query) => one.where('title', 'x')]]),
    })
      .orderBy('id')
      .get()
    expect(constrained.map((note) => notableOf(note)?.title).all()).toEqual([undefined, 'film'])
    const notes = await Note.with('notable').orderBy('id').get()
    expect(await sent(db, () => notes.loadMorph('notable', { Article: 'person' }))).toHaveLength(1)
    expect(notableOf(notes[0])?.relationLoaded('person')).toBe(true)
    await article.tags().create({ name: 'sql' })
    const counting = () =>
      notes.loadMorphCount('notable', [
        [Article, 'tags'],
        [Video, 'notes'],
      ])
    expect(await sent(db, counting)).toHaveLength(2)
    expect([Number(notableOf(notes[0])?.tags_count), Number(notableOf(notes[1])?.notes_count)]).toEqual([1, 1])
    await notes[0]?.loadMorphAggregate('notable', { Article: 'notes' }, 'text', 'max')
    expect(notableOf(notes[0])?.notes_max_text).toBe('a')
  })

  test('associate() sets key and class, dissociate() neither; a key alone is no model', async () => {
    const { Note, article } = await prepare(db)
    const note = new Note({ text: 'a' })
    note.notable().associate(article)
    await note.save()
    const found = await Note.findOrFail(note.id)
    expect([found.notable_type, found.notable().is(article), found.notable().isNot(new Note())]).toEqual([
      'Article',
      true,
      true,
    ])
    expect(() => found.notable().associate(1)).toThrow(InvalidArgumentException)
    found.notable().dissociate()
    await found.save()
    expect((await Note.findOrFail(note.id)).only('notable_type', 'notable_id')).toEqual({
      notable_type: null,
      notable_id: null,
    })
  })

  test('queries ask for related models by class', async () => {
    const { Base, Note, Article, Video, article, video } = await prepare(db)
    await article.notes().create({ text: 'a' })
    await video.notes().create({ text: 'b' })
    await Note.create({ text: 'none' })
    const texts = async (query: { pluck(name: string): Promise<unknown> }) =>
      ((await query.pluck('text')) as string[]).sort()
    expect(await texts(Note.query().hasMorph('notable', [Article, Video]))).toEqual(['a', 'b'])
    expect(
      await texts(
        Note.query().whereHasMorph('notable', [Article, Video], (query, type) =>
          query.where('title', type === 'Video' ? 'film' : 'x'),
        ),
      ),
    ).toEqual(['b'])
    expect(
      await texts(
        Note.query().whereDoesntHaveMorph('notable', [Article, Video], (query) => query.where('title', 'film')),
      ),
    ).toEqual(['a'])
    expect(await texts(Note.query().whereMorphRelation('notable', Article, 'title', 'one'))).toEqual(['a'])
    expect(await texts(Note.query().where('text', 'none').orWhereHasMorph('notable', Video))).toEqual(['b', 'none'])
    expect(await texts(Note.whereMorphedTo('notable', article))).toEqual(['a'])
    expect(await texts(Note.query().whereMorphedTo('notable', [article, video]))).toEqual(['a', 'b'])
    expect(await texts(Note.query().whereMorphedTo('notable', Video).orWhereMorphedTo('notable', null))).toEqual([
      'b',
      'none',
    ])
    expect(await texts(Note.query().whereNotMorphedTo('notable', article))).toEqual(['b'])
    expect(() => Note.query().hasMorph('notable', '*')).toThrow(InvalidArgumentException)
    expect(() => Note.query().has('notable')).toThrow(InvalidArgumentException)
    Base.morphMap({ Article, Video })
    expect(await texts(Note.query().hasMorph('notable', '*'))).toEqual(['a', 'b'])
    expect(await Article.query().has('notes').count()).toBe(1)
  })

  test('E13: morphToMany and morphedByMany tie by key and class', async () => {
    const { Article, Tag, article, video } = await prepare(db)
    const tag = await article.tags().create({ name: 'sql' })
    await video.tags().attach([tag.id])
    await video.tags().attach(await Tag.create({ name: 'film' }))
    expect((await article.tags()).pluck('name').all()).toEqual(['sql'])
    expect(await video.tags().count()).toBe(2)
    expect((await tag.articles()).pluck('title').all()).toEqual(['one'])
    expect((await tag.videos()).pluck('title').all()).toEqual(['film'])
    const tags = (await Tag.with('articles', 'videos')
      .withCount('videos')
      .orderBy('id')
      .get()) as unknown as EloquentCollection<Model>
    expect(tags.map((each) => [(each.articles as unknown as Model[]).length, Number(each.videos_count)]).all()).toEqual(
      [
        [1, 1],
        [0, 1],
      ],
    )
    expect(
      await Article.query()
        .whereHas('tags', (query) => query.where('name', 'sql'))
        .count(),
    ).toBe(1)
    expect(
      await Article.query()
        .whereHas('tags', (query) => query.where('name', 'film'))
        .count(),
    ).toBe(0)
    await video.tags().sync([])
    expect([await article.tags().count(), await video.tags().count()]).toEqual([1, 0])
    await (await article.tags().firstOrFail()).pivot.delete()
    expect(await article.tags().count()).toBe(0)
  })
})
