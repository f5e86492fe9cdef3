// All widgets of one scope together: the overview (everything) or a link's page (one link).
import { byId, findAll, throttled } from '../page/dom';
import { dayOf } from '../page/format';
import { BreakdownCard } from './breakdown';
import { showClasses } from './classes';
import { prepareRange, readRange } from './range';
import { rowAddress, type Scope } from './rows';
import { SeriesCard, type Loaded } from './series';

const refreshEveryMs = 2_000;

export class Numbers {
  private readonly series: SeriesCard;
  private readonly cards: BreakdownCard[];

  /** Reloads, at most every two seconds however often it is called. */
  readonly refresh = throttled(() => void this.show(), refreshEveryMs);

  constructor(
    private readonly scope: Scope,
    private readonly shown: (loaded: Loaded) => void = () => {},
  ) {
    this.series = new SeriesCard(scope);
    this.cards = findAll('[data-breakdown]').map((card) =>
      card.dataset.breakdown === 'countries'
        ? new BreakdownCard(card, scope, (answer) => {
            void import('./map').then(({ drawMap }) =>
              drawMap(byId('map'), answer, (country) =>
                rowAddress('country', country, scope, readRange()),
              ),
            );
          })
        : new BreakdownCard(card, scope),
    );
    prepareRange(() => void this.show());
    document.addEventListener('refresh', () => this.refresh());
  }

  async show(): Promise<void> {
    const range = readRange();
    const [loaded] = await Promise.all([
      this.series.show(range),
      ...this.cards.map((card) => card.show(range)),
    ]);
    if (!loaded) return;
    showClasses(byId('classes'), loaded.summary.by_class, this.scope, range);
    this.shown(loaded);
  }

  /** Whether a live click changes these numbers: a range in the past does not move. */
  static isLive(): boolean {
    return readRange().to >= dayOf(new Date());
  }
}
